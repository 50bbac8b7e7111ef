package io.vedette;

import java.io.IOException;
import java.sql.SQLException;

import io.vedette.packaged.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/**
 * The second run of the tests that are tagged {@code store}, which {@code pom.xml} asks
 * for: then each application gets a database of its own on a PostgreSQL that comes with
 * the build.
 */
final class StoreOnPostgres extends AbstractTestExecutionListener {

	private static EmbeddedPostgres server;

	static boolean isWanted() {
		return "postgres".equals(System.getProperty("test.database"));
	}

	static void connect(DynamicPropertyRegistry registry) throws IOException, SQLException {
		if (server == null) {
			server = EmbeddedPostgres.start();
		}
		Database database = Database.on(server);
		registry.add("spring.datasource.url", database::url);
		registry.add("spring.datasource.username", () -> "postgres");
		registry.add("spring.datasource.password", () -> "");
	}

	/**
	 * Ends the application with its class: at the end of the JVM the server would go
	 * first.
	 */
	@Override
	public void afterTestClass(TestContext test) {
		if (isWanted()) {
			test.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
		}
	}

}
