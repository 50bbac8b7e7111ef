package io.vedette.packaged;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A disk without room takes no job, and loses none that was taken. */
class DiskFullIT {

	private static final Duration ENOUGH = Duration.ofSeconds(90);

	private static final int ROOM = 200_000;

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	@Test
	void refusesJobsWhileThereIsNoRoomAndGoesOnOnceThereIs() throws Exception {
		List<Load> accepted = new ArrayList<>(List.of(Load.of("before", 100, Duration.ofSeconds(6))));
		try (PackagedJar jar = this.stage.launchWithWebhook(this.directory).start()) {
			jar.register(accepted.get(0));
			long size = Files.size(this.directory.resolve("data/db/vedette.mv.db"));
			jar.limitFiles(Long.toString(size + ROOM));
			HttpResponse<String> answer = fill(jar, accepted);
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
			assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
			// The first load is finished by now, and can't be settled.
			await().pollDelay(Duration.ofSeconds(8)).until(() -> true);
			assertThat(jar.isAlive()).as(jar.console()).isTrue();

			jar.limitFiles("unlimited");
			await().atMost(ENOUGH).ignoreExceptions().until(jar::isSettled);
			assertThat(jar.stop().exitCode()).as(jar.console()).isZero();
		}
		Load all = new Load(accepted.stream().flatMap((part) -> part.jobs().stream()).toList());
		Stage.report("disk full: %d jobs accepted, %d events, %d duplicates", all.jobs().size(),
				this.stage.events().size(), this.stage.duplicates());
		assertThat(this.stage.events()).containsKeys(all.eventIds().toArray(String[]::new));
		assertThat(Stage.files(this.directory.resolve("data/out"))).containsAll(all.files());
	}

	/** Registers jobs until they are refused; the refusal. */
	private static HttpResponse<String> fill(PackagedJar jar, List<Load> accepted) throws Exception {
		for (int part = 0; part < 100; part++) {
			Load load = Load.of("fill" + part, 100, Duration.ZERO);
			HttpResponse<String> answer = jar.post("/jobs", load.requests());
			if (answer.statusCode() != 202) {
				return answer;
			}
			accepted.add(load);
		}
		throw new AssertionError("refusal: none in 10,000 jobs");
	}

}
