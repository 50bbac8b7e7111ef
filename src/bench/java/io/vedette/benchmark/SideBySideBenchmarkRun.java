package io.vedette.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;

import io.vedette.packaged.Load;
import io.vedette.packaged.PackagedJar;
import io.vedette.packaged.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.util.StringUtils;

import static org.awaitility.Awaitility.await;

/**
 * What this build costs beside another, or beside itself with other settings, in turn:
 * {@code ./mvnw -Pbenchmark verify -Dit.test=SideBySideBenchmarkRun
 * -Dbenchmark.other=<jar> -Dbenchmark.other.settings=<key>=<value>,...}, see
 * docs/performance.md.
 */
class SideBySideBenchmarkRun {

	private static final String OTHER = System.getProperty("benchmark.other", "target/vedette.jar");

	private static final List<String> OTHER_SETTINGS = List
		.of(StringUtils.commaDelimitedListToStringArray(System.getProperty("benchmark.other.settings")));

	private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 3);

	private static final int JOBS = Integer.getInteger("benchmark.jobs", 500);

	private static final int WAITING_JOBS = 10_000;

	private static final int WARM_UP_POLLS = Integer.getInteger("benchmark.polls", 600_000);

	/** After it stood still. */
	private static final Duration SETTLED = Duration.ofSeconds(5);

	private static final Duration MEASURED = Duration.ofSeconds(20);

	private static final Duration ENOUGH = Duration.ofMinutes(15);

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	@Test
	void comparesTheStart() throws Exception {
		Ratios wall = new Ratios("start to ready, ns: this, other");
		Ratios cpu = new Ratios("processor time of the start, ns: this, other");
		Ratios memory = new Ratios("resident memory, KB: this, other");
		for (int round = 0; round < ROUNDS; round++) {
			Start now = start(launch("this" + round));
			Start then = start(other("other" + round));
			wall.add(now.wall(), then.wall());
			cpu.add(now.cpu(), then.cpu());
			memory.add(now.memory(), then.memory());
		}
		List.of(wall, cpu, memory).forEach(System.out::println);
	}

	@Test
	void comparesThePriceOfAPoll() throws Exception {
		this.stage.providers().forgetRequests();
		Ratios cost = new Ratios("processor time a poll, ns: this, other");
		try (PackagedJar now = polling(launch("this")); PackagedJar then = polling(other("other"))) {
			for (int round = 0; round < ROUNDS; round++) {
				cost.add(priceOfAPoll(now), priceOfAPoll(then));
			}
		}
		System.out.println(cost);
	}

	@Test
	void comparesThePriceOfADeliveredFace() throws Exception {
		this.stage.providers().forgetRequests();
		this.stage.webhook().forgetRequests();
		Race race = new Race(this.stage);
		Ratios cost = new Ratios("processor time a delivered event, ns: this, other");
		try (WebhookClient client = new WebhookClient(this.stage.webhook(), Race.CONCURRENCY);
				PackagedJar now = launch("this").start();
				PackagedJar then = other("other").start()) {
			for (PackagedJar jar : List.of(now, then, now, then)) {
				priceOfAnEvent(race, jar, client);
			}
			for (int round = 0; round < ROUNDS; round++) {
				cost.add(priceOfAnEvent(race, now, client), priceOfAnEvent(race, then, client));
			}
		}
		System.out.println(cost);
	}

	private record Start(long wall, long cpu, long memory) {
	}

	private Start start(PackagedJar.Launch launch) throws Exception {
		long began = System.nanoTime();
		try (PackagedJar jar = launch.start()) {
			long wall = System.nanoTime() - began;
			return new Start(wall, cpu(jar), ResidentMemory.of(jar.process()));
		}
	}

	/** Watches jobs that never end, as fast as it can; then it stands still. */
	private PackagedJar polling(PackagedJar.Launch launch) throws Exception {
		PackagedJar jar = launch.start();
		Race.register(jar, "files", Load.crun("price", WAITING_JOBS, Duration.ofHours(10)));
		long polls = this.stage.providers().pollCount();
		await().atMost(ENOUGH).until(() -> this.stage.providers().pollCount() >= polls + WARM_UP_POLLS);
		jar.freeze();
		return jar;
	}

	private long priceOfAPoll(PackagedJar jar) throws Exception {
		jar.thaw();
		pause(SETTLED);
		long polls = this.stage.providers().pollCount();
		long cpu = during(MEASURED, jar, SideBySideBenchmarkRun::cpu);
		long price = cpu / (this.stage.providers().pollCount() - polls);
		jar.freeze();
		return price;
	}

	private static long during(Duration time, PackagedJar jar, ToLongFunction<PackagedJar> figure) {
		long before = figure.applyAsLong(jar);
		pause(time);
		return figure.applyAsLong(jar) - before;
	}

	private long priceOfAnEvent(Race race, PackagedJar jar, WebhookClient client) throws Exception {
		Load load = race.load(JOBS);
		long before = cpu(jar);
		race.vedette(jar, client, load);
		Race.awaitRest(jar);
		return (cpu(jar) - before) / Race.eventCount(load);
	}

	private static void pause(Duration time) {
		await().atMost(ENOUGH).pollDelay(time).until(() -> true);
	}

	private static long cpu(PackagedJar jar) {
		return jar.process().info().totalCpuDuration().orElseThrow().toNanos();
	}

	private PackagedJar.Launch other(String name) throws IOException {
		PackagedJar.Launch launch = launch(name).jar(Path.of(OTHER));
		for (String setting : OTHER_SETTINGS) {
			launch.set(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
		}
		return launch;
	}

	private PackagedJar.Launch launch(String name) throws IOException {
		return this.stage.launchWithWebhook(Files.createDirectories(this.directory.resolve(name)))
			.optimized()
			.heap("512m")
			.set("vedette.targets.files.images", "false")
			.set("vedette.providers.akool.min-delay", "1s")
			.set("vedette.providers.crun.polling", "fixed")
			.set("vedette.providers.crun.min-delay", "1s")
			.set("vedette.providers.crun.max-delay", "5m")
			.set("vedette.providers.crun.rate-limit", "1000000/1s");
	}

}
