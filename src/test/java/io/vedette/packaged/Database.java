package io.vedette.packaged;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * An empty PostgreSQL database, dropped when it is closed. User postgres, no password.
 */
final class Database implements AutoCloseable {

	private static final int LOCAL_PORT = 5432;

	private final String name = "vedette_it_" + UUID.randomUUID().toString().substring(0, 8);

	private final int port;

	private Database(int port) throws SQLException {
		this.port = port;
		execute(port, "create database " + this.name);
	}

	static Database on(EmbeddedPostgres server) throws SQLException {
		return new Database(server.getPort());
	}

	/** On the server of this machine. */
	static Database local() throws SQLException {
		return new Database(LOCAL_PORT);
	}

	/** Whether this machine has a server. */
	static boolean isLocalThere() {
		try {
			execute(LOCAL_PORT, "select 1");
			return true;
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/** Has a jar keep its rows here. */
	PackagedJar.Launch below(PackagedJar.Launch launch) {
		return launch.environment("SPRING_DATASOURCE_URL", url(this.port, this.name))
			.environment("SPRING_DATASOURCE_USERNAME", "postgres")
			.environment("SPRING_DATASOURCE_PASSWORD", "");
	}

	private static String url(int port, String name) {
		return "jdbc:postgresql://127.0.0.1:" + port + "/" + name;
	}

	private static void execute(int port, String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url(port, "postgres") + "?connectTimeout=2",
				"postgres", "")) {
			connection.createStatement().execute(sql);
		}
	}

	@Override
	public void close() throws SQLException {
		execute(this.port, "drop database " + this.name + " with (force)");
	}

}
