package io.vedette.benchmark;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.vedette.Figures;
import io.vedette.packaged.Load;
import io.vedette.packaged.PackagedJar;
import io.vedette.packaged.Stage;
import io.vedette.standin.Request;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;

/**
 * How long a caller's ten jobs wait beside the tens of thousands of another, as the
 * provider sees it: {@code ./mvnw -Pbenchmark verify -Dit.test=FairnessBenchmarkRun}, see
 * docs/polling.md.
 */
class FairnessBenchmarkRun {

	private static final int[] OTHERS = { 0, 500, 5000, 50_000 };

	private static final int FEW = 10;

	private static final Duration TIME = Duration.ofSeconds(9);

	private static final Duration ENOUGH = Duration.ofMinutes(5);

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	@Test
	void writesHowLongTenJobsWaitBesideManyOfAnotherCaller() throws Exception {
		StringBuilder text = new StringBuilder();
		text.append("| jobs of the other | polls a job of the ten | mean lag | longest lag |\n|---|---|---|---|\n");
		try (PackagedJar jar = this.stage.launchWithWebhook(this.directory)
			.optimized()
			.heap("512m")
			.set("vedette.providers.crun.rate-limit", "20/2s")
			.set("vedette.providers.crun.polling", "fixed")
			.set("vedette.providers.crun.min-delay", "1s")
			.set("vedette.providers.crun.max-delay", "1s")
			.start()) {
			int there = 0;
			for (int others : OTHERS) {
				Race.register(jar, Map.of("reference", "many:1"),
						Load.crun("many" + others + "-", others - there, Duration.ofHours(10)));
				there = others;
				Load ten = Load.crun("few" + others + "-", FEW, TIME);
				Race.register(jar, Map.of("reference", "few:1"), ten);
				await().atMost(ENOUGH)
					.pollInterval(Duration.ofSeconds(1))
					.until(() -> jar.get("/jobs?reference=few:1&status=WATCHING").path("jobs").isEmpty());
				text.append(row(others, ten));
			}
		}
		System.out.print(text);
		new Figures(Path.of("docs/polling.md"), "fairness in real time").write(text.toString());
	}

	private String row(int others, Load ten) {
		List<Double> lags = new ArrayList<>();
		int count = 0;
		for (Load.Item job : ten.jobs()) {
			List<Request> polls = this.stage.providers().polls(job.provider(), job.jobId());
			Instant finished = polls.get(0).time().plus(TIME);
			lags.add(Duration.between(finished, polls.get(polls.size() - 1).time()).toMillis() / 1000.0);
			count += polls.size();
		}
		return String.format(Locale.ROOT, "| %,d | %.1f | %.1f s | %.1f s |%n", others, (double) count / FEW,
				lags.stream().mapToDouble(Double::doubleValue).average().orElseThrow(),
				lags.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
	}

}
