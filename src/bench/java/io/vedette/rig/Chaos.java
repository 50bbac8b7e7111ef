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

		KILL, KILL_WHILE_STARTING, KILL_AT_SUBMIT, STOP, FREEZE

	}

	/** So long a kill waits for a job to be submitted. */
	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private final Queue<Act> acts;

	private final Progress progress;

	private final RigOptions options;

	private final Duration lease;

	private final Posts posts;

	private final Journal journal;

	/**
	 * @param lease each freeze is longer
	 */
	Chaos(RigOptions options, Duration lease, Progress progress, Posts posts, Journal journal) {
		this.options = options;
		this.lease = lease;
		this.progress = progress;
		this.posts = posts;
		this.journal = journal;
		this.acts = new ConcurrentLinkedQueue<>(acts(options));
	}

	/**
	 * A quarter as many stops as kills, a tenth as many freezes where others go on; fewer
	 * of both where the kills are what counts.
	 */
	private static List<Act> acts(RigOptions options) {
		boolean isAimed = isAimed(options);
		int kills = isAimed ? options.kills() / 10 : options.kills();
		int whileStarting = isAimed ? 0 : options.kills() / 10;
		int atSubmit = isAimed ? options.kills() : (options.kills() + 2) / 3;
		List<Act> acts = new ArrayList<>();
		acts.addAll(Collections.nCopies(whileStarting, Act.KILL_WHILE_STARTING));
		acts.addAll(Collections.nCopies(atSubmit, Act.KILL_AT_SUBMIT));
		acts.addAll(Collections.nCopies(Math.max(0, options.kills() - 2 * whileStarting - atSubmit), Act.KILL));
		acts.addAll(Collections.nCopies((kills + 3) / 4, Act.STOP));
		acts.addAll(Collections.nCopies((options.nodes() > 1) ? (kills + 9) / 10 : 0, Act.FREEZE));
		Collections.shuffle(acts, new Random(options.seed()));
		return acts;
	}

	private static boolean isAimed(RigOptions options) {
		return options.aim() == RigOptions.Aim.SUBMIT;
	}

	/** Befalls this node with one act after another until none is left. */
	void befall(RigNode node, int number) throws IOException, InterruptedException {
		Random random = new Random(this.options.seed() + number);
		while (true) {
			// An aimed kill waits for its POST as it is.
			Pause.between(random, isAimed(this.options) ? 100 : 500, isAimed(this.options) ? 1000 : 5000);
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
			case KILL_AT_SUBMIT -> killAtSubmit(node, random);
			case STOP -> node.stop();
			case FREEZE -> {
				node.freeze(this.lease.plusMillis(500 + random.nextInt(3000)));
				return;
			}
		}
		node.start();
	}

	/**
	 * A third of them before the provider replies, the others while it does or up to some
	 * milliseconds after it.
	 */
	private void killAtSubmit(RigNode node, Random random) throws InterruptedException {
		boolean isBeforeReply = random.nextInt(3) == 0;
		Posts.Trap trap = this.posts.at(node.name(), isBeforeReply);
		boolean met = trap.awaits(PATIENCE.toMillis());
		this.posts.rest(node.name());
		if (met && !isBeforeReply) {
			Pause.millis(random.nextBoolean() ? 0 : random.nextInt(20));
		}
		kill(node);
		trap.hit();
		if (met) {
			this.journal.count("SIGKILL at a POST", isBeforeReply ? "before its reply" : "while it is replied to");
		}
	}

	private void kill(RigNode node) throws InterruptedException {
		node.kill();
		this.progress.kill();
	}

}
