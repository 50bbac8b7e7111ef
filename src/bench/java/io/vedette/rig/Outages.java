package io.vedette.rig;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.vedette.standin.TcpProxy;

/** Cuts wires at random moments, one at a time, for up to some seconds. */
final class Outages {

	private static final String DATABASE = "database";

	private final Map<String, TcpProxy> wires;

	private final Random random;

	private final Journal journal;

	private volatile boolean over;

	/** When the database was last reachable again; null while it is cut. */
	private volatile Instant databaseMended = Instant.MIN;

	/**
	 * @param wires by what they lead to
	 */
	Outages(Map<String, TcpProxy> wires, long seed, Journal journal) {
		this.wires = wires;
		this.random = new Random(seed);
		this.journal = journal;
	}

	/** Goes on until it is ended; then everything is reachable. */
	void run() throws IOException, InterruptedException {
		List<String> names = this.wires.keySet().stream().sorted().toList();
		while (!this.over) {
			Pause.between(this.random, 1000, 8000);
			cut(names.get(this.random.nextInt(names.size())));
		}
	}

	private void cut(String name) throws IOException, InterruptedException {
		this.journal.count(name + " outages", "begins");
		if (name.equals(DATABASE)) {
			this.databaseMended = null;
		}
		this.wires.get(name).cut();
		// Every third is over at once: only the connections are gone.
		Pause.millis((this.random.nextInt(3) == 0) ? 0 : this.random.nextInt(6000));
		this.wires.get(name).mend();
		if (name.equals(DATABASE)) {
			this.databaseMended = Instant.now();
		}
		this.journal.note(name + " is back");
	}

	void end() {
		this.over = true;
	}

	/** Whether the database could not be reached at some time since then. */
	boolean hitDatabaseSince(Instant moment) {
		Instant mended = this.databaseMended;
		return mended == null || mended.isAfter(moment);
	}

}
