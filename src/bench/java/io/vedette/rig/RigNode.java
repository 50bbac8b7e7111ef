package io.vedette.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

import io.vedette.packaged.PackagedJar;

/**
 * One node of the run: the same name, port and directory in each of its lives, and a
 * console a life.
 */
final class RigNode implements AutoCloseable {

	private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

	private static final int MOST_VAIN_STARTS = 5;

	private final String name;

	private final Path directory;

	private final PackagedJar.Launch launch;

	private final Outages outages;

	private final Journal journal;

	private int lives;

	private volatile PackagedJar jar;

	/**
	 * @param launch the jar as it is started in that directory
	 */
	RigNode(String name, Path directory, PackagedJar.Launch launch, Outages outages, Journal journal)
			throws IOException {
		this.name = name;
		this.directory = Files.createDirectories(directory);
		this.launch = launch;
		this.outages = outages;
		this.journal = journal;
	}

	String name() {
		return this.name;
	}

	Path directory() {
		return this.directory;
	}

	PackagedJar jar() {
		return this.jar;
	}

	/** Begins another life and does not wait. */
	void launch() {
		this.lives++;
		this.jar = this.launch.console(this.directory.resolve("console-%03d.log".formatted(this.lives))).run();
	}

	/**
	 * Begins another life and waits until it serves. A node gives up at its start while
	 * the database is away: then it is started again, as a supervisor would do.
	 */
	void start() {
		for (int vain = 0; vain < MOST_VAIN_STARTS; vain++) {
			Instant began = Instant.now();
			launch();
			try {
				this.jar.awaitService();
				this.journal.note(this + " serves, life " + this.lives);
				return;
			}
			catch (Exception | AssertionError ex) {
				this.jar.close();
				vainStart(began, ex);
			}
		}
		throw new IllegalStateException(this + ": did not start in " + MOST_VAIN_STARTS + " attempts");
	}

	private void vainStart(Instant began, Throwable fault) {
		this.journal.count("vain starts", this + ", life " + this.lives);
		if (!this.outages.hitDatabaseSince(began)) {
			this.journal.problem("%s, life %d: did not start: %s".formatted(this, this.lives,
					String.valueOf(fault.getMessage()).lines().findFirst().orElse("")));
		}
	}

	/** Looks after it between two acts: it must not have ended by itself. */
	void checkAlive() {
		if (!this.jar.isAlive()) {
			this.journal.problem("%s, life %d: ended by itself".formatted(this, this.lives));
			start();
		}
	}

	/** SIGKILL. */
	void kill() throws InterruptedException {
		this.journal.count("SIGKILL", toString());
		this.jar.kill();
	}

	/** SIGTERM, which must end it with exit code 0 within ten seconds. */
	void stop() throws InterruptedException {
		PackagedJar.End end = this.jar.stop();
		this.journal.count("SIGTERM", "%s after %d ms".formatted(this, end.after().toMillis()));
		if (end.exitCode() != 0 || end.after().compareTo(LONGEST_STOP) > 0) {
			this.journal.problem("%s, life %d: SIGTERM ended it with exit code %d after %d ms".formatted(this,
					this.lives, end.exitCode(), end.after().toMillis()));
		}
	}

	/** SIGSTOP, and SIGCONT after that time. */
	void freeze(Duration time) throws IOException, InterruptedException {
		this.journal.count("SIGSTOP", "%s for %d ms".formatted(this, time.toMillis()));
		this.jar.freeze();
		Pause.millis(time.toMillis());
		this.jar.thaw();
	}

	@Override
	public void close() {
		if (this.jar != null) {
			this.jar.close();
		}
	}

	@Override
	public String toString() {
		return "node " + this.name;
	}

}
