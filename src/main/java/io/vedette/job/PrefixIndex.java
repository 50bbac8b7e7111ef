package io.vedette.job;

import java.sql.SQLException;
import java.sql.Statement;

import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

import org.springframework.stereotype.Component;

/**
 * The beginning of an id is looked up in an index. H2 has one for it; PostgreSQL wants
 * one that is sorted letter by letter, which H2 can't write.
 */
@Component
class PrefixIndex implements JavaMigration {

	@Override
	public MigrationVersion getVersion() {
		return MigrationVersion.fromVersion("11.1");
	}

	@Override
	public String getDescription() {
		return "beginning of an id";
	}

	@Override
	public Integer getChecksum() {
		return null;
	}

	@Override
	public boolean canExecuteInTransaction() {
		return true;
	}

	@Override
	public void migrate(Context context) throws SQLException {
		if (context.getConnection().getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
			try (Statement statement = context.getConnection().createStatement()) {
				statement.execute("create index job_of_prefix on job (job_id text_pattern_ops)");
			}
		}
	}

}
