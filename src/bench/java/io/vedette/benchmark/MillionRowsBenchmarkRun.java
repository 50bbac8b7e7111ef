package io.vedette.benchmark;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.vedette.packaged.Database;
import io.vedette.packaged.Load;
import io.vedette.packaged.PackagedJar;
import io.vedette.packaged.Stage;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A file with far more jobs than a node can watch, into a node with a heap of 512 MB:
 * {@code ./mvnw -Pbenchmark verify -Dit.test=MillionRowsBenchmarkRun}, on PostgreSQL with
 * {@code -Dbenchmark.database=postgres}, see docs/reliability.md.
 */
class MillionRowsBenchmarkRun {

	private static final int ROWS = Integer.getInteger("benchmark.rows", 1_000_000);

	private static final String DATABASE = System.getProperty("benchmark.database", "h2");

	private static final Duration ENOUGH = Duration.ofMinutes(30);

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	private final List<Long> answers = new ArrayList<>();

	@Test
	void takesAMillionRowsAndOtherJobsBesideThem() throws Exception {
		this.stage.providers().forgetRequests();
		PackagedJar.Launch launch = this.stage.launchWithWebhook(this.directory)
			.heap("512m")
			.optimized()
			.set("vedette.providers.akool.rate-limit", "20/10s")
			.set("vedette.intakes.inbox.settle-time", "1s");
		try (EmbeddedPostgres server = "postgres".equals(DATABASE) ? EmbeddedPostgres.start() : null;
				PackagedJar jar = ((server != null) ? Database.on(server).below(launch) : launch).start()) {
			long alone = finish(jar, "alone");
			Path inbox = this.directory.resolve("data/inbox");
			Path file = write(this.directory.resolve("jobs.csv"));
			long began = System.nanoTime();
			Files.move(file, inbox.resolve("jobs.csv"));
			Ratios beside = new Ratios("job of another provider, from POST to its end, ns: beside the file, alone");
			for (int i = 0; !Files.exists(inbox.resolve(".done/jobs.csv")); i++) {
				assertThat(System.nanoTime() - began).isLessThan(ENOUGH.toNanos());
				beside.add(finish(jar, "beside" + i), alone);
			}
			long taken = System.nanoTime() - began;
			this.answers.sort(null);
			System.out.printf(Locale.ROOT,
					"%s: %,d rows taken in %d s; %d calls of REST meanwhile: p50 %d ms, p99 %d ms%n", DATABASE, ROWS,
					Duration.ofNanos(taken).toSeconds(), this.answers.size(), millis(0.5), millis(0.99));
			System.out.println(beside);
			System.out.printf(Locale.ROOT, "live heap: %,d MB%n", jar.liveHeap() >> 20);
		}
	}

	/** Nanoseconds from the POST of a job until REST says that it has ended. */
	private long finish(PackagedJar jar, String name) throws Exception {
		Load load = Load.crun(name, 1, Duration.ofSeconds(2));
		long began = System.nanoTime();
		Race.register(jar, "crm", load);
		while (call(jar, "/jobs/crun/" + load.jobs().get(0).jobId()).contains("WATCHING")) {
			call(jar, "/jobs?limit=20");
			Thread.sleep(100);
		}
		return System.nanoTime() - began;
	}

	private String call(PackagedJar jar, String path) throws Exception {
		long began = System.nanoTime();
		String answer = jar.get(path).path("status").asText();
		this.answers.add(System.nanoTime() - began);
		return answer;
	}

	private static Path write(Path file) throws IOException {
		try (Writer rows = Files.newBufferedWriter(file)) {
			rows.write("provider,jobId,reference\n");
			for (int i = 0; i < ROWS; i++) {
				rows.write("akool,auto-36000000-0-%d,nightly-%d\n".formatted(i, i));
			}
		}
		return file;
	}

	private long millis(double share) {
		return this.answers.get((int) (share * (this.answers.size() - 1))) / 1_000_000;
	}

}
