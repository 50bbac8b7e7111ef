package io.vedette.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vedette.Figures;
import io.vedette.LagPlot;
import io.vedette.packaged.PackagedJar;
import io.vedette.packaged.Stage;
import io.vedette.standin.Request;
import io.vedette.standin.StandInJob;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.style.Styler.LegendPosition;

import static org.awaitility.Awaitility.await;

/**
 * Polls and lag in real time, as a provider sees them, of the packaged jar and of plain
 * Camel routes: {@code ./mvnw -Pbenchmark verify}, see docs/polling.md.
 */
class PollingBenchmarkRun {

	/** Finished jobs that {@code learned} begins with, and as many that are counted. */
	private static final int JOBS = 200;

	private static final Duration BETWEEN = Duration.ofMillis(150);

	private static final Duration ENOUGH = Duration.ofMinutes(10);

	private static final ObjectMapper JSON = new ObjectMapper();

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	@Test
	void comparesVedetteWithPlainCamel() throws Exception {
		String url = this.stage.providers().baseUrl();
		String key = this.stage.providers().key("crun");
		try (PackagedJar jar = this.stage.launchWithWebhook(this.directory)
			.optimized()
			.heap("512m")
			.set("vedette.providers.akool.min-delay", "1s")
			.set("vedette.providers.crun.min-delay", "1s")
			.set("vedette.providers.crun.target-lag", "2500ms")
			.start();
				PlainCamel fixed = new PlainCamel(url, key, (poll) -> 5000);
				PlainCamel backoff = new PlainCamel(url, key,
						(poll) -> (long) Math.min(30_000, 1000 * Math.pow(1.5, poll)))) {
			teach(jar);
			List<Watched> policies = List.of(
					new Watched("Vedette, `learned`, `target-lag` 1 s (default)", "akool",
							(id) -> post(jar, "akool", id)),
					new Watched("Vedette, `learned`, `target-lag` 2.5 s", "crun", (id) -> post(jar, "crun", id)),
					new Watched("plain Camel, fixed 5 s", "crun", fixed::watch),
					new Watched("plain Camel, back-off 1 s, times 1.5, at most 30 s", "crun", backoff::watch));
			run("counted", policies);
			report(policies);
		}
	}

	/** Has Vedette watch jobs of both providers, and learn from them. */
	private void teach(PackagedJar jar) throws Exception {
		run("history", List.of(new Watched("", "akool", (id) -> post(jar, "akool", id)),
				new Watched("", "crun", (id) -> post(jar, "crun", id))));
		await().atMost(ENOUGH).until(jar::isSettled);
		// The schedules are worked out anew every 15 s.
		TimeUnit.SECONDS.sleep(20);
	}

	/** Registers the same jobs with all, at the same moments, and waits for their end. */
	private void run(String name, List<Watched> policies) throws Exception {
		Random random = new Random(name.hashCode());
		for (int number = 0; number < JOBS; number++) {
			Duration duration = Duration.ofMillis((long) (10_000 + 35_000 * Math.exp(0.4 * random.nextGaussian())));
			for (Watched policy : policies) {
				policy.begin(this.stage, "%s-%d-%d".formatted(name, policies.indexOf(policy), number), duration);
			}
			TimeUnit.MILLISECONDS.sleep(BETWEEN.toMillis());
		}
		for (Watched policy : policies) {
			await().atMost(ENOUGH).pollInterval(Duration.ofSeconds(1)).until(() -> policy.isOver(this.stage));
		}
	}

	private void report(List<Watched> policies) throws IOException {
		StringBuilder text = new StringBuilder();
		text.append("| who asks | polls a job | mean lag | p95 lag |\n|---|---|---|---|\n");
		LagPlot plot = new LagPlot("in real time: %d jobs each".formatted(JOBS), LegendPosition.InsideNW);
		for (Watched policy : policies) {
			double polls = policy.jobs.stream().mapToInt((job) -> job.polls(this.stage).size()).average().orElseThrow();
			List<Double> lags = policy.jobs.stream().map((job) -> job.lag(this.stage)).sorted().toList();
			double lag = lags.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
			text.append(String.format(Locale.ROOT, "| %s | %.2f | %.2f s | %.2f s |%n", policy.name, polls, lag,
					lags.get(lags.size() * 95 / 100)));
			plot.dots(policy.name.replace("`", ""), new double[] { polls }, new double[] { lag });
		}
		System.out.print(text);
		new Figures(Path.of("docs/polling.md"), "real time").write(text.toString());
		plot.save(Path.of("docs/polling-real-time.svg"));
	}

	private static void post(PackagedJar jar, String provider, String jobId) throws Exception {
		int status = jar.post("/jobs", JSON.writeValueAsString(Map.of("provider", provider, "jobId", jobId)))
			.statusCode();
		if (status != 202) {
			throw new IllegalStateException("POST /jobs: " + status);
		}
	}

	/** Hands a job in. */
	private interface Registration {

		void register(String jobId) throws Exception;

	}

	/** A job and the moment it finishes. */
	private record TimedJob(String provider, String jobId, Instant finishes) {

		List<Request> polls(Stage stage) {
			return stage.providers().polls(this.provider, this.jobId);
		}

		private Request last(Stage stage) {
			List<Request> polls = polls(stage);
			return polls.isEmpty() ? null : polls.get(polls.size() - 1);
		}

		boolean isNoticed(Stage stage) {
			Request last = last(stage);
			return last != null && !last.time().isBefore(this.finishes);
		}

		/** Seconds from its end until it was asked for. */
		double lag(Stage stage) {
			return Duration.between(this.finishes, last(stage).time()).toNanos() / 1e9;
		}

	}

	/** What asks for jobs, and those it is to ask for. */
	private static final class Watched {

		private final String name;

		private final String provider;

		private final Registration registration;

		private final List<TimedJob> jobs = new ArrayList<>();

		Watched(String name, String provider, Registration registration) {
			this.name = name;
			this.provider = provider;
			this.registration = registration;
		}

		void begin(Stage stage, String jobId, Duration duration) throws Exception {
			this.jobs.add(new TimedJob(this.provider, jobId, Instant.now().plus(duration)));
			StandInJob job = this.provider.equals("akool") ? stage.providers().akool(jobId)
					: stage.providers().crun(jobId);
			job.finishesAfter(duration);
			this.registration.register(jobId);
		}

		boolean isOver(Stage stage) {
			return this.jobs.stream().allMatch((job) -> job.isNoticed(stage));
		}

	}

}
