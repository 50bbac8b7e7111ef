package io.vedette.packaged;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/** An empty PostgreSQL database, which is gone once it is closed. */
final class Database implements AutoCloseable {

	private static final String LOCAL = "jdbc:postgresql://127.0.0.1:5432/";

	private static final String SCRATCH = "vedette_it_" + ProcessHandle.current().pid();

	private final EmbeddedPostgres server;

	private Database(EmbeddedPostgres server) {
		this.server = server;
	}

	/** On a server that is started for it. */
	static Database embedded() throws IOException {
		return new Database(EmbeddedPostgres.start());
	}

	/** On the server of this machine: user postgres, no password. */
	static Database local() throws SQLException {
		execute("create database " + SCRATCH);
		return new Database(null);
	}

	/** Whether this machine has such a server. */
	static boolean isLocalThere() {
		try {
			execute("select 1");
			return true;
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/** Has a jar keep its rows here. */
	PackagedJar.Launch below(PackagedJar.Launch launch) {
		String url = (this.server != null) ? this.server.getJdbcUrl("postgres", "postgres").replaceFirst("\\?.*", "")
				: LOCAL + SCRATCH;
		return launch.environment("SPRING_DATASOURCE_URL", url)
			.environment("SPRING_DATASOURCE_USERNAME", "postgres")
			.environment("SPRING_DATASOURCE_PASSWORD", "");
	}

	private static void execute(String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(LOCAL + "postgres?connectTimeout=2", "postgres", "")) {
			connection.createStatement().execute(sql);
		}
	}

	@Override
	public void close() throws IOException, SQLException {
		if (this.server != null) {
			this.server.close();
		}
		else {
			execute("drop database " + SCRATCH + " with (force)");
		}
	}

}
