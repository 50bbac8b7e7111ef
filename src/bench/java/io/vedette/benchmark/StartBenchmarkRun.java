package io.vedette.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;

import io.vedette.Figures;
import io.vedette.packaged.Database;
import io.vedette.packaged.Load;
import io.vedette.packaged.PackagedJar;
import io.vedette.packaged.Stage;
import io.vedette.packaged.TrainedStart;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;

/**
 * What a start takes, beside that of a program that asks and delivers with db-scheduler,
 * in turn, on the same PostgreSQL, whose tables are there:
 * {@code ./mvnw -Pbenchmark verify -Dit.test=StartBenchmarkRun}, see docs/start.md.
 */
class StartBenchmarkRun {

	private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 5);

	private static final int WAITING_JOBS = 10_000;

	private static final String REFERENCE = "db-scheduler";

	private static final Duration ENOUGH = Duration.ofMinutes(2);

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	private final Map<String, List<Start>> starts = new LinkedHashMap<>();

	@Test
	void comparesStarts() throws Exception {
		try (DatabaseServer server = new DatabaseServer(this.directory.resolve("server"));
				Database peers = server.create();
				Database own = server.create()) {
			own.below(launch("first")).start().close();
			for (int round = 0; round <= ROUNDS; round++) {
				add(REFERENCE, scheduler(peers.url()));
				add("`java -jar`", vedette(own.below(launch("jar" + round)).optimized()));
				add("`bin/vedette`, no trial", vedette(own.below(launch("small" + round)).by(PackagedJar.SCRIPT)));
				add("`bin/vedette` after a trial",
						vedette(own.below(launch("trained" + round)).by(TrainedStart.script())));
				add("the same after `kill -9` with 10,000 jobs, to the first poll", restart(server, "again" + round));
			}
			write();
		}
	}

	/** The first round is one that files are read from disk in. */
	private void add(String name, Start start) {
		List<Start> rounds = this.starts.computeIfAbsent(name, (key) -> new ArrayList<>());
		rounds.add(start);
		System.out.printf(Locale.ROOT, "%-60s %6.2f s CPU, %6.2f s, %d KB%n", name, start.cpu(), start.wall(),
				start.memory());
	}

	/**
	 * How a start went.
	 *
	 * @param wall seconds until it was ready
	 * @param cpu seconds of processor time until then
	 * @param memory kilobytes resident then
	 */
	private record Start(double wall, double cpu, long memory) {
	}

	private Start scheduler(String url) throws Exception {
		long began = System.nanoTime();
		try (Peer peer = new Peer(REFERENCE, SchedulerPeer.class, List.of(), null,
				List.of(this.stage.providers().baseUrl(), this.stage.providers().key("crun"),
						this.stage.webhook().url(), url))) {
			return measure(began, peer.process(), peer::isReady);
		}
	}

	private static Start vedette(PackagedJar.Launch launch) throws Exception {
		long began = System.nanoTime();
		try (PackagedJar jar = launch.run()) {
			return measure(began, jar.process(), () -> jar.console().contains("Vedette is ready"));
		}
	}

	private Start restart(DatabaseServer server, String name) throws Exception {
		try (Database own = server.create()) {
			try (PackagedJar jar = own.below(launch(name)).start()) {
				Race.register(jar, "files", Load.crun(name, WAITING_JOBS, Duration.ofHours(10)));
				jar.kill();
			}
			long polls = this.stage.providers().pollCount();
			long began = System.nanoTime();
			try (PackagedJar jar = own.below(launch(name)).by(TrainedStart.script()).run()) {
				return measure(began, jar.process(), () -> this.stage.providers().pollCount() > polls);
			}
		}
	}

	private static Start measure(long began, ProcessHandle process, Callable<Boolean> ready) throws IOException {
		await().atMost(ENOUGH).pollInterval(Duration.ofMillis(10)).pollDelay(Duration.ZERO).until(ready);
		return new Start((System.nanoTime() - began) / 1e9,
				process.info().totalCpuDuration().orElseThrow().toMillis() / 1e3, ResidentMemory.of(process));
	}

	private PackagedJar.Launch launch(String name) throws IOException {
		return this.stage.launchWithWebhook(Files.createDirectories(this.directory.resolve(name)))
			.heap("512m")
			.set("vedette.node", name)
			.set("vedette.providers.crun.polling", "fixed")
			.set("vedette.providers.crun.min-delay", "1s")
			.set("vedette.providers.crun.rate-limit", "1000000/1s");
	}

	private void write() throws IOException {
		StringBuilder table = new StringBuilder(
				"| start, %s, PostgreSQL | processor time | time | resident memory |%n|---|---|---|---|%n"
					.formatted(Figures.machine()));
		this.starts.forEach((name, rounds) -> table.append(String.format(Locale.ROOT, "| %s | %.2f | %.2f | %.2f |%n",
				name, ratio(rounds, Start::cpu), ratio(rounds, Start::wall), ratio(rounds, Start::memory))));
		System.out.print(table);
		new Figures(Path.of("docs/start.md"), "starts").write(table.toString());
	}

	private double ratio(List<Start> rounds, ToDoubleFunction<Start> figure) {
		return median(rounds, figure) / median(this.starts.get(REFERENCE), figure);
	}

	private static double median(List<Start> rounds, ToDoubleFunction<Start> figure) {
		return rounds.stream().skip(1).mapToDouble(figure).sorted().toArray()[(rounds.size() - 1) / 2];
	}

}
