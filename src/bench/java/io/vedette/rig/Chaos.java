package io.vedette.rig;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Signals to the nodes at random moments, and what a supervisor does about them. */
final class Chaos {

	private enum Act {

		KILL, KILL_WHILE_STARTING, STOP, FREEZE

	}

	private final Queue<Act> acts;

	private final Progress progress;

	private final RigOptions options;

	private final Duration lease;

	/**
	 * @param lease each freeze is longer
	 */
	Chaos(RigOptions options, Duration lease, Progress progress) {
		this.options = options;
		this.lease = lease;
		this.progress = progress;
		this.acts = new ConcurrentLinkedQueue<>(acts(options));
	}

	/** A quarter as many stops as kills; a tenth as many freezes where others go on. */
	private static List<Act> acts(RigOptions options) {
		int whileStarting = options.kills() / 10;
		List<Act> acts = new ArrayList<>();
		acts.addAll(Collections.nCopies(whileStarting, Act.KILL_WHILE_STARTING));
		acts.addAll(Collections.nCopies(options.kills() - 2 * whileStarting, Act.KILL));
		acts.addAll(Collections.nCopies((options.kills() + 3) / 4, Act.STOP));
		acts.addAll(Collections.nCopies((options.nodes() > 1) ? (options.kills() + 9) / 10 : 0, Act.FREEZE));
		Collections.shuffle(acts, new Random(options.seed()));
		return acts;
	}

	/** Befalls this node with one act after another until none is left. */
	void befall(RigNode node, int number) throws IOException, InterruptedException {
		Random random = new Random(this.options.seed() + number);
		while (true) {
			Pause.between(random, 500, 5000);
			while (this.progress.isBehind()) {
				Pause.millis(50);
			}
			Act act = this.acts.poll();
			if (act == null) {
				return;
			}
			node.checkAlive();
			perform(act, node, random);
		}
	}

	private void perform(Act act, RigNode node, Random random) throws IOException, InterruptedException {
		switch (act) {
			case KILL -> kill(node);
			case KILL_WHILE_STARTING -> {
				kill(node);
				node.launch();
				Pause.between(random, 500, 6000);
				kill(node);
			}
			case STOP -> node.stop();
			case FREEZE -> {
				node.freeze(this.lease.plusMillis(500 + random.nextInt(3000)));
				return;
			}
		}
		node.start();
	}

	private void kill(RigNode node) throws InterruptedException {
		node.kill();
		this.progress.kill();
	}

}
