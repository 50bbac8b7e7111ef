package io.vedette.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.vedette.packaged.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/** The PostgreSQL that comes with the build, and what it costs. */
final class DatabaseServer implements AutoCloseable {

	/** Ticks of the kernel's clock that /proc counts in. */
	private static final int MILLIS_A_TICK = 10;

	private final EmbeddedPostgres server;

	private final long pid;

	DatabaseServer(Path directory) throws IOException {
		this.server = EmbeddedPostgres.builder().setDataDirectory(directory).start();
		this.pid = Long.parseLong(Files.readAllLines(directory.resolve("postmaster.pid")).get(0).strip());
	}

	Database create() throws Exception {
		return Database.on(this.server);
	}

	/** Processor time of all its processes so far, those that have ended included. */
	Duration cpuTime() throws IOException {
		String stat = Files.readString(Path.of("/proc", Long.toString(this.pid), "stat"));
		String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
		long ticks = 0;
		for (int field = 11; field < 15; field++) {
			ticks += Long.parseLong(fields[field]);
		}
		return ProcessHandle.of(this.pid)
			.orElseThrow()
			.children()
			.map((child) -> child.info().totalCpuDuration().orElse(Duration.ZERO))
			.reduce(Duration.ofMillis(ticks * MILLIS_A_TICK), Duration::plus);
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

}
