package io.vedette.job;

import java.util.List;

import io.vedette.config.DatabaseUrl;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Has PostgreSQL look at a table that has grown many times over. A statement that is
 * prepared keeps the way to its rows that was best when there were few, past the index
 * that leads to one of them, until the table is analyzed. Autovacuum looks for such
 * tables once a minute, if it is on, and what comes together is over by then. H2 looks at
 * its tables while it writes to them.
 */
@Component("tableStatistics")
public class TableStatistics {

	private final JdbcClient jdbc;

	private final boolean h2;

	TableStatistics(JdbcClient jdbc, @Value("${spring.datasource.url}") String database) {
		this.jdbc = jdbc;
		this.h2 = DatabaseUrl.isH2(database);
	}

	/** Analyzes the tables of which most rows have been written since they last were. */
	public void refresh() {
		if (!this.h2) {
			grown().forEach((table) -> this.jdbc.sql("analyze (skip_locked) " + table).update());
		}
	}

	private List<String> grown() {
		return this.jdbc.sql("""
				select c.relname from pg_stat_user_tables s join pg_class c on c.oid = s.relid
				where s.schemaname = current_schema() and c.relname in ('job', 'event', 'delivery')
				and s.n_mod_since_analyze > greatest(1000, 2 * c.reltuples)
				""").query(String.class).list();
	}

}
