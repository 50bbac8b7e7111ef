package io.vedette.rig;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Batches that the rig names, and seals once all that names them has been taken. */
final class Batches {

	private static final double SHARE = 0.5;

	private final AtomicInteger number = new AtomicInteger();

	private final Map<String, List<Path>> files = new ConcurrentHashMap<>();

	private final Queue<String> full = new ConcurrentLinkedQueue<>();

	private final List<RigNode> nodes;

	private final Journal journal;

	private volatile boolean over;

	Batches(List<RigNode> nodes, Journal journal) {
		this.nodes = nodes;
		this.journal = journal;
	}

	/** The batches of one intake, one after the other. */
	final class Line {

		private final Random random;

		private String open;

		private int left;

		Line(Random random) {
			this.random = random;
		}

		/** The batch of what is drawn next, or null for none. */
		String next() {
			end();
			if (this.open == null && this.random.nextDouble() < SHARE) {
				this.open = "rig-batch-" + Batches.this.number.incrementAndGet();
				this.left = 1 + this.random.nextInt(4);
			}
			this.left--;
			return this.open;
		}

		/** What was drawn is handed in. */
		private void end() {
			if (this.open != null && this.left <= 0) {
				Batches.this.full.add(this.open);
				this.open = null;
			}
		}

		/** Nothing comes any more. */
		void close() {
			this.left = 0;
			end();
		}

	}

	/** A file names a batch, which is not sealed before it is taken. */
	void file(String batch, Path file) {
		this.files.computeIfAbsent(batch, (key) -> new ArrayList<>()).add(file);
	}

	/** Seals until it is ended and all are sealed. */
	void run() throws InterruptedException {
		while (!this.over || !this.full.isEmpty()) {
			String batch = this.full.poll();
			if (batch != null && !seals(batch)) {
				this.full.add(batch);
			}
			Pause.millis(50);
		}
	}

	void end() {
		this.over = true;
	}

	private boolean seals(String batch) throws InterruptedException {
		if (!this.files.getOrDefault(batch, List.of()).stream().allMatch(Ledger::isDone)) {
			return false;
		}
		RigNode node = this.nodes.get(Math.floorMod(batch.hashCode() + this.full.size(), this.nodes.size()));
		try {
			HttpResponse<String> response = node.jar().post("/batches/%s/seal".formatted(batch), "");
			if (response.statusCode() == 200) {
				this.journal.count("batches sealed", batch);
				return true;
			}
			if (response.statusCode() != 503 && response.statusCode() != 404) {
				this.journal
					.problem("%s: seal %s: %d %s".formatted(node, batch, response.statusCode(), response.body()));
			}
		}
		catch (IOException ex) {
			// The node is dead or starts: it is asked again, or another is.
		}
		return false;
	}

}
