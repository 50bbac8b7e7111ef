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
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.vedette.Figures;
import io.vedette.packaged.PackagedJar;
import io.vedette.packaged.Stage;
import io.vedette.packaged.TrainedStart;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.ApplicationRunner;

/**
 * Vedette beside what a team would write or take instead, young and warm, in turn:
 * {@code ./mvnw -Pbenchmark verify}, see docs/performance.md.
 */
class PeersBenchmarkRun {

	private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 5);

	private static final int JOBS = Integer.getInteger("benchmark.jobs", 600);

	private static final List<String> BOTH_COMPILERS = List.of();

	/** As {@code bin/vedette} has it. */
	private static final List<String> C1_ALONE = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

	private static final String REFERENCE = "db-scheduler, PostgreSQL";

	private static final Duration INTERVAL = Duration.ofMillis(100);

	private static final Duration DURATION = Duration.ofSeconds(3);

	/** Its first polls, heartbeats and timers are no part of a load. */
	private static final Duration REST = Duration.ofSeconds(5);

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	private final List<Rival> rivals = new ArrayList<>();

	private final Map<Rival, List<Arena.Measured>> steady = new LinkedHashMap<>();

	private final Map<Rival, List<Arena.Measured>> bursts = new LinkedHashMap<>();

	@Test
	void comparesDeliveriesWithThoseOfOthers() throws Exception {
		Arena arena = new Arena(this.stage);
		try (DatabaseServer server = new DatabaseServer(this.directory.resolve("server"))) {
			begin(peer("plain Camel, in memory", CamelPeer.class, BOTH_COMPILERS, null, null));
			begin(peer("JDK and HttpClient, in memory", BarePeer.class, BOTH_COMPILERS, null, null));
			begin(peer(REFERENCE, SchedulerPeer.class, BOTH_COMPILERS, server, server.create().url()));
			begin(peer("db-scheduler, PostgreSQL, C1 alone", SchedulerPeer.class, C1_ALONE, server,
					server.create().url()));
			begin(peer("db-scheduler, H2", SchedulerPeer.class, BOTH_COMPILERS, null, h2()));
			begin(vedette("Vedette, PostgreSQL", vedette("postgres").optimized(), server));
			begin(vedette("Vedette, PostgreSQL, `bin/vedette`", vedette("small").by(TrainedStart.script()), server));
			begin(vedette("Vedette, H2", vedette("h2").optimized(), null));
			for (Rival rival : this.rivals) {
				this.steady.get(rival).add(turn(rival, () -> arena.steady(rival, JOBS / 3, INTERVAL, DURATION)));
			}
			for (int round = 0; round <= ROUNDS; round++) {
				for (Rival rival : this.rivals) {
					this.bursts.get(rival).add(turn(rival, () -> arena.burst(rival, JOBS)));
				}
			}
			for (Rival rival : this.rivals) {
				this.steady.get(rival).add(turn(rival, () -> arena.steady(rival, JOBS / 3, INTERVAL, DURATION)));
			}
			write();
		}
		finally {
			this.rivals.forEach(Rival::close);
		}
	}

	private interface Load {

		Arena.Measured measure() throws Exception;

	}

	private static Arena.Measured turn(Rival rival, Load load) throws Exception {
		rival.thaw();
		TimeUnit.SECONDS.sleep(1);
		Arena.Measured measured = load.measure();
		rival.freeze();
		System.out.printf(Locale.ROOT, "%-30s %6.0f faces/s %7.2f ms CPU/job, lag %4.0f/%4.0f ms%n", rival,
				measured.facesASecond(), measured.cpuMillisAJob(), measured.lagMillis(0.5), measured.lagMillis(0.99));
		return measured;
	}

	private void begin(Rival rival) throws Exception {
		this.rivals.add(rival);
		this.steady.put(rival, new ArrayList<>());
		this.bursts.put(rival, new ArrayList<>());
		TimeUnit.NANOSECONDS.sleep(REST.toNanos());
		rival.freeze();
	}

	private static Rival vedette(String name, PackagedJar.Launch launch, DatabaseServer server) throws Exception {
		return new VedetteRival(name, ((server != null) ? server.create().below(launch) : launch).start(), server);
	}

	private Rival peer(String name, Class<? extends ApplicationRunner> program, List<String> options,
			DatabaseServer server, String database) throws IOException {
		List<String> arguments = new ArrayList<>(List.of(this.stage.providers().baseUrl(),
				this.stage.providers().key("crun"), this.stage.webhook().url()));
		if (database != null) {
			arguments.add(database);
		}
		return new Peer(name, program, options, server, arguments);
	}

	/** As durable as Vedette's. */
	private String h2() {
		return "jdbc:h2:file:" + this.directory.resolve("scheduler")
				+ ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;WRITE_DELAY=0";
	}

	private PackagedJar.Launch vedette(String name) throws IOException {
		return this.stage.launchWithWebhook(Files.createDirectories(this.directory.resolve(name)))
			.heap("512m")
			.set("vedette.lease", "1h")
			.set("vedette.node", name)
			.set("vedette.providers.crun.polling", "fixed")
			.set("vedette.providers.crun.min-delay", "1s")
			.set("vedette.providers.crun.rate-limit", "1000000/1s");
	}

	/** Rates and processor times are told as multiples of those of db-scheduler. */
	private void write() throws IOException {
		Rival reference = this.rivals.stream()
			.filter((rival) -> rival.toString().equals(REFERENCE))
			.findFirst()
			.orElseThrow();
		double[] one = figures(reference);
		StringBuilder table = new StringBuilder(
				"""
						| %s | burst, young: faces a second | CPU a face | burst, warm: faces a second | CPU a face | steady, young: CPU a job | steady, warm: CPU a job | answer to webhook, warm: p50 / p99 |
						|---|---|---|---|---|---|---|---|
						"""
					.formatted(Figures.machine()));
		for (Rival rival : this.rivals) {
			double[] figures = figures(rival);
			table.append("| ").append(rival).append(" |");
			for (int i = 0; i < figures.length; i++) {
				table.append(String.format(Locale.ROOT, " %.2f |", figures[i] / one[i]));
			}
			Arena.Measured warm = this.steady.get(rival).get(1);
			table.append(String.format(Locale.ROOT, " %.0f / %.0f ms |%n", warm.lagMillis(0.5), warm.lagMillis(0.99)));
		}
		System.out.print(table);
		new Figures(Path.of("docs/performance.md"), "peers").write(table.toString());
	}

	private double[] figures(Rival rival) {
		List<Arena.Measured> burst = this.bursts.get(rival);
		List<Arena.Measured> warm = burst.subList(1, burst.size());
		List<Arena.Measured> even = this.steady.get(rival);
		return new double[] { burst.get(0).facesASecond(), burst.get(0).cpuMillisAFace(),
				median(warm, Arena.Measured::facesASecond), median(warm, Arena.Measured::cpuMillisAFace),
				even.get(0).cpuMillisAJob(), even.get(1).cpuMillisAJob() };
	}

	private static double median(List<Arena.Measured> rounds, ToDoubleFunction<Arena.Measured> figure) {
		return rounds.stream().mapToDouble(figure).sorted().toArray()[rounds.size() / 2];
	}

}
