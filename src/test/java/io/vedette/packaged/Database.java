package io.vedette.packaged;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * An empty PostgreSQL database, dropped when it is closed. User postgres, no password.
 */
public final class Database implements AutoCloseable {

	private static final int LOCAL_PORT = 5432;

	private final String name = "vedette_it_" + UUID.randomUUID().toString().substring(0, 8);

	private final int port;

	private Database(int port) throws SQLException {
		this.port = port;
		execute(port, "create database " + this.name);
	}

	public static Database on(EmbeddedPostgres server) throws SQLException {
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

	/** Its address, as {@code spring.datasource.url} takes it. */
	public String url() {
		return url(this.port, this.name);
	}

	/** Has a jar keep its rows here. */
	public PackagedJar.Launch below(PackagedJar.Launch launch) {
		return below(launch, this.port);
	}

	/** The same, by a port that leads to it. */
	public PackagedJar.Launch below(PackagedJar.Launch launch, int gate) {
		return launch.environment("SPRING_DATASOURCE_URL", url(gate, this.name))
			.environment("SPRING_DATASOURCE_USERNAME", "postgres")
			.environment("SPRING_DATASOURCE_PASSWORD", "");
	}

	/** How many rows there are: {@code job where owner is null}. */
	int count(String rows) throws SQLException {
		try (Connection connection = connect();
				ResultSet count = connection.createStatement().executeQuery("select count(*) from " + rows)) {
			count.next();
			return count.getInt(1);
		}
	}

	/** A connection to look at its rows. */
	public Connection connect() throws SQLException {
		return DriverManager.getConnection(url(this.port, this.name), "postgres", "");
	}

	/** The same for the H2 of a node that has stopped. */
	public static Connection connect(Path directory) throws SQLException {
		return DriverManager.getConnection("jdbc:h2:file:" + directory.resolve("data/db/vedette").toAbsolutePath()
				+ ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;ACCESS_MODE_DATA=r");
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
