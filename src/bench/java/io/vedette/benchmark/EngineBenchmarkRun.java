package io.vedette.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import io.vedette.Figures;
import io.vedette.packaged.Load;
import io.vedette.packaged.PackagedJar;
import io.vedette.packaged.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.ApplicationRunner;

import static org.awaitility.Awaitility.await;

/**
 * What waiting and asking cost: {@code ./mvnw -Pbenchmark verify}, see docs/polling.md.
 */
class EngineBenchmarkRun {

	private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 3);

	private static final int PLAIN_JOBS = 500;

	private static final int WARM_UP_POLLS = 600_000;

	/** After it stood still. */
	private static final Duration SETTLED = Duration.ofSeconds(10);

	private static final Duration MEASURED = Duration.ofSeconds(20);

	private static final Duration WAITING = Duration.ofHours(10);

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
			Contender vedette = new Contender(jar.process());
			warmUp(vedette);
			try (Contender bare = ask(BarePoller.class, 1); Contender plain = ask(PlainPoller.class, PLAIN_JOBS)) {
				for (int round = 0; round < ROUNDS; round++) {
					Price bareRound = measure(bare);
					Price vedetteRound = measure(vedette);
					cost.add(vedetteRound.nanosPerPoll(), bareRound.nanosPerPoll());
					plainCost.add(measure(plain).nanosPerPoll(), bareRound.nanosPerPoll());
					speed.add(vedetteRound.polls(), bareRound.polls());
				}
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
	 * JVM has warmed up: on jobs of the other provider, asked for without a pause.
	 */
	@Test
	void measuresTheTimerErrorOfTenThousandJobs() throws Exception {
		Map<String, Queue<Long>> polls = recordPolls();
		try (PackagedJar jar = launch("20s").set("vedette.providers.akool.polling", "fixed")
			.set("vedette.providers.akool.min-delay", "100ms")
			.set("vedette.providers.akool.rate-limit", "1000000/1s")
			.start()) {
			Race.register(jar, "files", Load.akool("warm-up", 1000, Duration.ofSeconds(150)));
			Race.awaitRest(jar);
			Load load = waiting("timer", 10_000);
			// Or the stand-in would be busy making them up when they are first asked for.
			load.jobs().forEach((job) -> this.stage.providers().crun(job.jobId()).finishesAfter(WAITING));
			Race.register(jar, "files", load);
			pause(Duration.ofSeconds(170));
		}
		List<Long> errors = polls.values()
			.stream()
			.flatMap((job) -> errors(List.copyOf(job)).stream())
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

	private Contender ask(Class<? extends ApplicationRunner> program, int jobs) throws Exception {
		List<String> arguments = new ArrayList<>(
				List.of(this.stage.providers().baseUrl(), this.stage.providers().key("crun")));
		waiting(program.getSimpleName(), jobs).jobs().forEach((job) -> arguments.add(job.jobId()));
		Contender contender = Contender.start(program, arguments);
		warmUp(contender);
		return contender;
	}

	/** Until its JVM has compiled what is worth it. */
	private void warmUp(Contender contender) throws Exception {
		long polls = this.stage.providers().pollCount();
		await().atMost(ENOUGH).until(() -> this.stage.providers().pollCount() >= polls + WARM_UP_POLLS);
		contender.freeze();
	}

	private Price measure(Contender contender) throws Exception {
		contender.thaw();
		pause(SETTLED);
		Duration cpu = contender.cpuTime();
		long polls = this.stage.providers().pollCount();
		pause(MEASURED);
		Price price = new Price(contender.cpuTime().minus(cpu), this.stage.providers().pollCount() - polls);
		contender.freeze();
		return price;
	}

	private static void pause(Duration time) {
		await().atMost(ENOUGH).pollDelay(time).until(() -> true);
	}

	private PackagedJar.Launch launch(String delay) {
		return this.stage.launchWithWebhook(this.directory)
			.optimized()
			.heap("512m")
			.set("vedette.watching.max", "200000")
			.set("vedette.providers.crun.polling", "fixed")
			.set("vedette.providers.crun.min-delay", delay)
			.set("vedette.providers.crun.max-delay", "5m")
			.set("vedette.providers.crun.rate-limit", "1000000/1s");
	}

	private static Load waiting(String name, int jobs) {
		return Load.crun(name, jobs, WAITING);
	}

	/**
	 * Nanoseconds at which each job of crun.ai is asked for. The requests themselves
	 * would fill the memory, and the stand-in would stand still to tidy up.
	 */
	private Map<String, Queue<Long>> recordPolls() {
		Map<String, Queue<Long>> polls = new ConcurrentHashMap<>();
		this.stage.providers().forgetRequests();
		this.stage.providers().override((request) -> {
			request.parameter("detect_task_id")
				.ifPresent((id) -> polls.computeIfAbsent(id, (key) -> new ConcurrentLinkedQueue<>())
					.add(System.nanoTime()));
			return null;
		});
		return polls;
	}

	private static List<Long> errors(List<Long> polls) {
		List<Long> intervals = IntStream.range(1, polls.size())
			.mapToObj((i) -> polls.get(i) - polls.get(i - 1))
			.toList();
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
