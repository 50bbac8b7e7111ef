package io.vedette.config;

import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;

import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Migrates the database, and has H2 lose nothing when it is killed, and PostgreSQL say
 * nothing of what it stores.
 */
@Component
class DatabaseMigration implements FlywayMigrationStrategy {

	/**
	 * Ids that H2 sets aside at a time; a start goes on behind the last that a row has.
	 */
	private static final int IDS = 10_000;

	@Override
	public void migrate(Flyway flyway) {
		DataSource dataSource = flyway.getConfiguration().getDataSource();
		HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class,
				HikariDataSource.class);
		if (DatabaseUrl.isH2(pool.getJdbcUrl())) {
			flyway.migrate();
			restoreIds(JdbcClient.create(dataSource));
			keepOneConnection(pool);
		}
		else {
			// Its driver quotes the rows of a batch in a fault, which Hikari prints.
			// Connections that are there already would go on doing so.
			pool.getDataSourceProperties().putIfAbsent("logServerErrorDetail", "false");
			flyway.migrate();
		}
	}

	/**
	 * The last ids that H2 gave out before it was killed it would give out again. Each
	 * time that it has used those it has set aside it commits, on disk: by its default
	 * that is for every 32 rows, in the midst of a transaction.
	 */
	private static void restoreIds(JdbcClient jdbc) {
		for (String table : List.of("job", "event", "delivery", "replay", "audit")) {
			long next = jdbc.sql("select coalesce(max(id), 0) + 1 from " + table).query(Long.class).single();
			jdbc.sql("alter table " + table + " alter column id restart with " + next + " set cache " + IDS).update();
		}
	}

	/**
	 * Killed while several transactions are open, H2 now and then restores a row without
	 * its index entries. Flyway needs a second connection, so the pool starts with more.
	 */
	private static void keepOneConnection(HikariDataSource pool) {
		HikariConfigMXBean settings = pool.getHikariConfigMXBean();
		settings.setMinimumIdle(1);
		settings.setMaximumPoolSize(1);
		// H2 closes its file with the last connection, so that one stays.
		settings.setMaxLifetime(0);
		pool.getHikariPoolMXBean().softEvictConnections();
	}

}
