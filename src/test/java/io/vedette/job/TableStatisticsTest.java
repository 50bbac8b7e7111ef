package io.vedette.job;

import java.io.IOException;
import java.sql.SQLException;

import io.vedette.packaged.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class TableStatisticsTest {

	private static EmbeddedPostgres server;

	private Database database;

	private SingleConnectionDataSource connection;

	private JdbcClient jdbc;

	@BeforeAll
	static void start() throws IOException {
		// A server that looks at no table by itself.
		server = EmbeddedPostgres.builder().setServerConfig("autovacuum", "off").start();
	}

	@AfterAll
	static void stop() throws IOException {
		server.close();
	}

	@BeforeEach
	void createTables() throws SQLException {
		this.database = Database.on(server);
		this.connection = new SingleConnectionDataSource(this.database.url(), "postgres", "", true);
		Flyway.configure().dataSource(this.connection).load().migrate();
		this.jdbc = JdbcClient.create(this.connection);
	}

	@AfterEach
	void drop() throws SQLException {
		this.connection.destroy();
		this.database.close();
	}

	@Test
	void aStatementPreparedWhenThereWereFewJobsFindsOneOfManyByItsIndex() {
		this.jdbc.sql("set plan_cache_mode = force_generic_plan").update();
		this.jdbc.sql("prepare find as select id from job where id = any($1)").update();
		jobs(1, 10);
		assertThat(plan()).contains("Seq Scan");
		jobs(11, 5000);
		assertThat(plan()).as("as it was prepared").contains("Seq Scan");
		refresh();
		assertThat(plan()).contains("job_pkey");
	}

	@Test
	void looksNotAgainBeforeATableHasGrownMore() {
		jobs(1, 2000);
		refresh();
		String then = analyzed();
		jobs(2001, 5000);
		await().until(() -> changes() == 3000);
		new TableStatistics(this.jdbc, this.database.url()).refresh();
		assertThat(analyzed()).isEqualTo(then);
	}

	/** The server counts what was written a little later. */
	private void refresh() {
		await().until(() -> {
			new TableStatistics(this.jdbc, this.database.url()).refresh();
			return analyzed() != null;
		});
	}

	private String analyzed() {
		return this.jdbc.sql("select last_analyze from pg_stat_user_tables where relname = 'job'")
			.query(String.class)
			.optional()
			.orElse(null);
	}

	private long changes() {
		return this.jdbc.sql("select n_mod_since_analyze from pg_stat_user_tables where relname = 'job'")
			.query(Long.class)
			.single();
	}

	private String plan() {
		return String.join("\n", this.jdbc.sql("explain execute find('{1,2,3}')").query(String.class).list());
	}

	private void jobs(int first, int last) {
		this.jdbc.sql("""
				insert into job (provider, job_id, status, registered_at, account)
				select 'crun', 'job-' || number, 'WATCHING', current_timestamp, 'default'
				from generate_series(:first, :last) number
				""").param("first", first).param("last", last).update();
	}

}
