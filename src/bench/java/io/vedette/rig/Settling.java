package io.vedette.rig;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vedette.packaged.Stage;

/** Waits, after the chaos, until nothing is under way any more. */
final class Settling {

	/** So long may nothing at all arrive before it is given up. */
	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final List<RigNode> nodes;

	private final Broker broker;

	private final Journal journal;

	private final LongSupplier arrived;

	/**
	 * @param broker may be null
	 * @param arrived grows with every event and file that arrives
	 */
	Settling(List<RigNode> nodes, Broker broker, Journal journal, LongSupplier arrived) {
		this.nodes = nodes;
		this.broker = broker;
		this.journal = journal;
		this.arrived = arrived;
	}

	/** Has the dead letters replayed, and waits for those. */
	void replay() throws IOException, InterruptedException {
		HttpResponse<String> response = this.nodes.get(0).jar().post("/deliveries/replay", "{}");
		int replayed = new ObjectMapper().readTree(response.body()).path("replayed").asInt();
		if (replayed > 0) {
			this.journal.count("replays", replayed + " dead letters");
			awaitQuiet();
		}
	}

	/** Waits until nothing is submitted, watched or delivered. */
	void awaitQuiet() throws IOException, InterruptedException {
		long before = -1;
		Instant last = Instant.now();
		while (!isQuiet()) {
			if (this.arrived.getAsLong() != before) {
				before = this.arrived.getAsLong();
				last = Instant.now();
			}
			if (last.plus(PATIENCE).isBefore(Instant.now())) {
				this.journal
					.problem("work is left after %d s in which nothing arrived".formatted(PATIENCE.toSeconds()));
				dumpThreads();
				return;
			}
			Pause.millis(500);
		}
		this.journal.note("quiet");
	}

	private void dumpThreads() throws IOException {
		for (RigNode node : this.nodes) {
			Files.writeString(node.directory().resolve("threads.log"), node.jar().threadDump());
		}
	}

	private static boolean isUnderWay(RigNode node) throws Exception {
		return !node.jar().get("/jobs?status=SUBMITTING&limit=1").path("jobs").isEmpty() || !node.jar().isSettled();
	}

	private boolean isQuiet() throws InterruptedException {
		try {
			for (RigNode node : this.nodes) {
				if (Stage.files(node.directory().resolve("data/inbox"))
					.stream()
					.anyMatch((file) -> !file.startsWith(".done/")) || isUnderWay(node)) {
					return false;
				}
			}
			return this.broker == null || this.broker.waiting() + this.broker.underWay() == 0;
		}
		catch (InterruptedException ex) {
			throw ex;
		}
		catch (Exception | AssertionError ex) {
			this.journal.note("not quiet: " + ex.getMessage());
			return false;
		}
	}

}
