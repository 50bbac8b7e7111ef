package io.vedette.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import io.vedette.packaged.Database;
import io.vedette.packaged.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What forgetting old jobs does to new ones, on PostgreSQL: the same steady load beside
 * it and without it, in turn:
 * {@code ./mvnw -Pbenchmark verify -Dit.test=RetentionBenchmarkRun}, see docs/growth.md.
 */
class RetentionBenchmarkRun {

	private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 3);

	/** More than are forgotten while the load lasts. */
	private static final int OLD = Integer.getInteger("benchmark.jobs", 100_000);

	private static final int LOAD = 200;

	private static final Duration INTERVAL = Duration.ofMillis(100);

	private static final Duration DURATION = Duration.ofSeconds(3);

	/** Two ticks of the timer. */
	private static final Duration REST = Duration.ofSeconds(20);

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	@Test
	void forgetsBesideNewJobs() throws Exception {
		Arena arena = new Arena(this.stage);
		Ratios median = new Ratios("answer to webhook, p50, ns: beside forgetting, without it");
		Ratios high = new Ratios("answer to webhook, p99, ns: beside forgetting, without it");
		try (DatabaseServer server = new DatabaseServer(this.directory.resolve("server"));
				Database database = server.create();
				VedetteRival vedette = new VedetteRival("Vedette", database
					.below(this.stage.launchWithWebhook(Files.createDirectory(this.directory.resolve("vedette"))))
					.heap("512m")
					.optimized()
					.set("vedette.providers.crun.polling", "fixed")
					.set("vedette.providers.crun.rate-limit", "1000000/1s")
					.start(), server);
				Connection connection = database.connect()) {
			arena.steady(vedette, LOAD, INTERVAL, DURATION);
			for (int round = 0; round < ROUNDS; round++) {
				age(connection);
				int before = old(connection);
				long began = System.nanoTime();
				Arena.Measured beside = arena.steady(vedette, LOAD, INTERVAL, DURATION);
				int after = old(connection);
				System.out.printf(Locale.ROOT, "%,.0f jobs forgotten a second beside the load%n",
						(before - after) / ((System.nanoTime() - began) / 1e9));
				while (old(connection) > 0) {
					TimeUnit.SECONDS.sleep(1);
				}
				TimeUnit.NANOSECONDS.sleep(REST.toNanos());
				Arena.Measured without = arena.steady(vedette, LOAD, INTERVAL, DURATION);
				median.add((long) (beside.lagMillis(0.5) * 1e6), (long) (without.lagMillis(0.5) * 1e6));
				high.add((long) (beside.lagMillis(0.99) * 1e6), (long) (without.lagMillis(0.99) * 1e6));
			}
		}
		System.out.println(median);
		System.out.println(high);
	}

	/**
	 * Adds old jobs of four faces, as they are stored; or some would be forgotten at
	 * once.
	 */
	private static void age(Connection connection) throws SQLException {
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute("""
					insert into job (provider, job_id, status, registered_at, finished_at, polls)
					select 'akool', 'old-' || n, 'SUCCEEDED', now() - interval '40 days', now() - interval '40 days', 3
					from generate_series(1, %d) n
					""".formatted(OLD));
			statement.execute("""
					insert into event (job, seq, event_id, type, packed, stored_at)
					select j.id, seq, 'akool:' || j.job_id || ':' || seq, 'vedette.face.detected',
					case seq when 0 then decode(repeat(md5(j.job_id), 50), 'hex') end, j.finished_at
					from job j, generate_series(0, 4) seq where j.job_id like 'old-%'
					""");
			statement.execute("""
					insert into delivery (event, job, target, status, attempts, due_at, settled_at)
					select e.id, e.job, 'crm', 'DELIVERED', 1, e.stored_at, e.stored_at
					from event e join job j on j.id = e.job where j.job_id like 'old-%'
					""");
			statement.execute("analyze");
			connection.commit();
		}
		finally {
			connection.setAutoCommit(true);
		}
	}

	private static int old(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				var count = statement.executeQuery("select count(*) from job where job_id like 'old-%'")) {
			count.next();
			return count.getInt(1);
		}
	}

}
