package io.vedette.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

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
 * What waiting and asking cost: {@code ./mvnw -Pbenchmark verify}, see docs/polling.md.
 */
class EngineBenchmarkRun {

	private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 3);

	/** Camel's own pool makes no more than 1,000 jobs wait. */
	private static final int PLAIN_JOBS = 500;

	private static final Duration WARM_UP = Duration.ofSeconds(30);

	private static final Duration MEASURED = Duration.ofSeconds(20);

	private static final Duration ENOUGH = Duration.ofMinutes(10);

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	/** All as fast as they can, in turn. */
	@Test
	void comparesThePriceOfAPoll() throws Exception {
		this.stage.providers().forgetRequests();
		Ratios cost = new Ratios("processor time a poll: Vedette, bare client");
		Ratios plainCost = new Ratios("processor time a poll: plain Camel, bare client");
		Ratios speed = new Ratios("polls a second: Vedette, bare client");
		try (PackagedJar jar = launch("1s").start()) {
			Race.register(jar, "files", waiting("price", 10_000));
			pause(WARM_UP);
			for (int round = 0; round < ROUNDS; round++) {
				Price vedette = measure(jar::cpuTime);
				jar.freeze();
				Price bare = bare();
				Price plain = plain(round);
				jar.thaw();
				cost.add(vedette.nanosPerPoll(), bare.nanosPerPoll());
				plainCost.add(plain.nanosPerPoll(), bare.nanosPerPoll());
				speed.add(vedette.polls(), bare.polls());
				pause(Duration.ofSeconds(5));
			}
		}
		write("price of a poll", """
				| in the same run, median of %d rounds | to the bare client |
				|---|---|
				| processor time a poll, Vedette | %.1f |
				| processor time a poll, a plain Camel route | %.1f |
				| polls a second, Vedette | %.2f |
				""", ROUNDS, cost.median(), plainCost.median(), speed.median());
	}

	/**
	 * How far the time between two polls of a job is from what it usually is, once the
	 * JVM has warmed up.
	 */
	@Test
	void measuresTheTimerErrorOfTenThousandJobs() throws Exception {
		Load load = waiting("timer", 10_000);
		Instant registered = Instant.now();
		try (PackagedJar jar = launch("20s").start()) {
			Race.register(jar, "files", load);
			pause(Duration.ofSeconds(220));
		}
		Instant from = registered.plusSeconds(70);
		List<Long> errors = load.jobs()
			.stream()
			.flatMap((job) -> errors(this.stage.providers()
				.polls(job.provider(), job.jobId())
				.stream()
				.filter((poll) -> poll.time().isAfter(from))
				.toList()).stream())
			.sorted()
			.toList();
		write("timer error", """
				| intervals of 10,000 jobs | p50 | p99 | largest |
				|---|---|---|---|
				| %,d | %.1f ms | %.1f ms | %.1f ms |
				""", errors.size(), millis(errors, 0.5), millis(errors, 0.99), millis(errors, 1));
	}

	@Test
	void measuresAHundredThousandWaitingJobs() throws Exception {
		this.stage.providers().forgetRequests();
		int jobs = 100_000;
		try (PackagedJar jar = launch("90s").start()) {
			long empty = jar.liveHeap();
			Race.register(jar, "files", waiting("heap", jobs));
			await().atMost(ENOUGH).until(() -> this.stage.providers().pollCount() >= jobs);
			write("waiting jobs", """
					| jobs in flight, heap 512 MB | heap a job | threads |
					|---|---|---|
					| %,d | %,d bytes | %d |
					""", jobs, (jar.liveHeap() - empty) / jobs, jar.threads());
		}
	}

	/** Processor time and number of polls of some seconds. */
	private record Price(Duration cpu, long polls) {

		long nanosPerPoll() {
			return this.cpu.toNanos() / this.polls;
		}

	}

	private Price bare() throws Exception {
		try (BarePoller poller = BarePoller.start(this.stage.providers().baseUrl(), this.stage.providers().key("crun"),
				waiting("bare", 1).jobs().get(0).jobId())) {
			pause(Duration.ofSeconds(10));
			return measure(poller::cpuTime);
		}
	}

	private Price plain(int round) throws Exception {
		try (PlainCamel camel = new PlainCamel(this.stage.providers().baseUrl(), this.stage.providers().key("crun"),
				(poll) -> 50)) {
			waiting("plain" + round, PLAIN_JOBS).jobs().forEach((job) -> camel.watch(job.jobId()));
			pause(Duration.ofSeconds(10));
			return measure(camel::cpuTime);
		}
	}

	private Price measure(Supplier<Duration> cpuTime) {
		Duration cpu = cpuTime.get();
		long polls = this.stage.providers().pollCount();
		pause(MEASURED);
		return new Price(cpuTime.get().minus(cpu), this.stage.providers().pollCount() - polls);
	}

	private static void pause(Duration time) {
		await().atMost(ENOUGH).pollDelay(time).until(() -> true);
	}

	private PackagedJar.Launch launch(String delay) {
		return this.stage.launchWithWebhook(this.directory)
			.optimized()
			.heap("512m")
			.set("vedette.providers.crun.polling", "fixed")
			.set("vedette.providers.crun.min-delay", delay)
			.set("vedette.providers.crun.max-delay", "5m")
			.set("vedette.providers.crun.rate-limit", "1000000/1s");
	}

	private static Load waiting(String name, int jobs) {
		return Load.crun(name, jobs, Duration.ofHours(10));
	}

	private static List<Long> errors(List<Request> polls) {
		List<Long> intervals = new ArrayList<>();
		for (int i = 1; i < polls.size(); i++) {
			intervals.add(Duration.between(polls.get(i - 1).time(), polls.get(i).time()).toNanos());
		}
		long usual = intervals.stream().sorted().toList().get(intervals.size() / 2);
		return intervals.stream().map((interval) -> Math.abs(interval - usual)).toList();
	}

	private static void write(String name, String text, Object... numbers) throws IOException {
		String figures = String.format(Locale.ROOT, text, numbers);
		System.out.print(figures);
		new Figures(Path.of("docs/polling.md"), name).write(figures);
	}

	private static double millis(List<Long> sorted, double share) {
		return sorted.get((int) (share * (sorted.size() - 1))) / 1e6;
	}

}
