package io.vedette.packaged;

import java.nio.file.Path;
import java.time.Duration;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Ten thousand jobs in flight are no reason to stop or to start slowly. */
@Tag("alone")
class TenThousandJobsIT {

	private static final int JOBS = 10_000;

	private static final Duration ENOUGH = Duration.ofSeconds(60);

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	@Test
	void stopsInTimeAndWatchesAllOfThemAgain() throws Exception {
		Load load = Load.of("many", JOBS, Duration.ofHours(1));
		try (EmbeddedPostgres server = EmbeddedPostgres.start(); Database database = Database.on(server)) {
			PackagedJar.Launch launch = database.below(this.stage.launch(this.directory))
				.set("vedette.providers.akool.min-delay", "10s")
				.set("vedette.providers.crun.min-delay", "10s");
			try (PackagedJar jar = launch.start()) {
				for (int from = 0; from < JOBS; from += 1000) {
					jar.register(load.part(from, from + 1000));
				}
				PackagedJar.End end = jar.stop();
				Stage.report("stop with %d jobs in flight: exit code %d after %d ms", JOBS, end.exitCode(),
						end.after().toMillis());
				assertThat(end.exitCode()).as(jar.console()).isZero();
				assertThat(end.after()).isLessThan(Duration.ofSeconds(10));
				assertThat(database.count("job where owner is not null")).isZero();
			}
			long launched = System.nanoTime();
			try (PackagedJar jar = launch.start()) {
				long began = System.nanoTime();
				await().atMost(ENOUGH)
					.pollInterval(Duration.ofMillis(50))
					.until(() -> database.count("job where owner is not null and status = 'WATCHING'") == JOBS);
				Duration after = Duration.ofNanos(System.nanoTime() - began);
				Stage.report("start with %d jobs: all watched %d ms after the first answer, %d ms after the launch",
						JOBS, after.toMillis(), Duration.ofNanos(System.nanoTime() - launched).toMillis());
				await().atMost(ENOUGH).until(() -> this.stage.providers().pollCount() > 1000);
				assertThat(jar.stop().exitCode()).isZero();
			}
		}
	}

}
