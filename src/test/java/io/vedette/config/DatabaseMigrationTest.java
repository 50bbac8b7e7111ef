package io.vedette.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What H2 needs so that a SIGKILL costs nothing. */
class DatabaseMigrationTest {

	@TempDir
	private Path directory;

	private String url;

	@BeforeEach
	void nameTheFile() {
		this.url = "jdbc:h2:file:" + this.directory.resolve("vedette")
				+ ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH";
	}

	@Test
	void leavesOneConnection() {
		try (HikariDataSource pool = pool()) {
			migrate(pool);
			JdbcClient jdbc = JdbcClient.create(pool);
			await().atMost(Duration.ofSeconds(20))
				.until(() -> jdbc.sql("select count(*) from information_schema.sessions")
					.query(Integer.class)
					.single() == 1);
			assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isEqualTo(1);
		}
	}

	@Test
	void givesNoIdTwiceAlthoughH2ForgotTheLastOnes() {
		try (HikariDataSource pool = pool()) {
			migrate(pool);
			add(pool, "before");
			JdbcClient.create(pool).sql("alter table job alter column id restart with 1").update();
		}
		try (HikariDataSource pool = pool()) {
			migrate(pool);
			add(pool, "after");
			assertThat(JdbcClient.create(pool).sql("select job_id from job order by id").query(String.class).list())
				.containsExactly("before", "after");
		}
	}

	@Test
	void writesNothingToDiskInTheMidstOfATransaction() {
		this.url += ";WRITE_DELAY=0";
		try (HikariDataSource pool = pool()) {
			migrate(pool);
			long before = writes(pool);
			new TransactionTemplate(new DataSourceTransactionManager(pool)).executeWithoutResult((status) -> {
				IntStream.range(0, 1000).forEach((row) -> add(pool, "job" + row));
				assertThat(writes(pool)).isLessThanOrEqualTo(before + 1);
			});
			assertThat(writes(pool)).isGreaterThan(before);
		}
	}

	private static long writes(HikariDataSource pool) {
		return JdbcClient.create(pool)
			.sql("select setting_value from information_schema.settings where setting_name = 'info.FILE_WRITE'")
			.query(Long.class)
			.single();
	}

	private static void add(HikariDataSource pool, String jobId) {
		JdbcClient.create(pool).sql("""
				insert into job (provider, job_id, status, registered_at)
				values ('akool', :id, 'WATCHING', current_timestamp)
				""").param("id", jobId).update();
	}

	private static void migrate(HikariDataSource pool) {
		new DatabaseMigration().migrate(Flyway.configure().dataSource(pool).load());
	}

	private HikariDataSource pool() {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(this.url);
		return pool;
	}

}
