package io.vedette.packaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/** One URL makes it PostgreSQL, and more than one node. */
class PostgresIT {

	private static final Duration ENOUGH = Duration.ofSeconds(60);

	private static EmbeddedPostgres server;

	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	@BeforeAll
	static void startServer() throws IOException {
		server = EmbeddedPostgres.start();
	}

	@AfterAll
	static void stopServer() throws IOException {
		server.close();
	}

	@AfterEach
	void close() {
		this.stage.close();
	}

	@Test
	void runsOnTheServerOfThisMachine() throws Exception {
		assumeThat(Database.isLocalThere()).as("a PostgreSQL on 127.0.0.1:5432").isTrue();
		Load load = Load.of("local", 100, Duration.ofSeconds(2));
		try (Database database = Database.local()) {
			try (PackagedJar jar = database.below(this.stage.launchWithWebhook(this.directory)).start()) {
				jar.register(load);
				await().atMost(ENOUGH).until(jar::isSettled);
			}
		}
		this.stage.assertDeliveredOnce(load);
		assertThat(Stage.files(this.directory.resolve("data/out"))).isEqualTo(load.files());
		assertThat(this.directory.resolve("data/db")).doesNotExist();
	}

	@Test
	void twoNodesShareTheWork() throws Exception {
		Load load = Load.of("share", 200, Duration.ofSeconds(4));
		try (Database database = Database.on(server);
				PackagedJar a = node(database, "a").start();
				PackagedJar b = node(database, "b").start()) {
			a.register(load.part(0, 120));
			b.register(load.part(80, 200));
			await().atMost(ENOUGH).until(() -> a.isSettled() && b.isSettled());
			assertThat(b.console()).contains("SUCCEEDED");
			assertThat(a.console()).contains("SUCCEEDED");
		}
		this.stage.assertDeliveredOnce(load);
		assertThat(Stage.files(this.directory.resolve("out"))).isEqualTo(load.files());
	}

	@Test
	void oneNodeFinishesWhatAKilledOneLeft() throws Exception {
		Load load = Load.of("left", 200, Duration.ofSeconds(4));
		try (Database database = Database.on(server);
				PackagedJar a = node(database, "a").environment("VEDETTE_LEASE", "3s").start();
				PackagedJar b = node(database, "b").environment("VEDETTE_LEASE", "3s").start()) {
			a.register(load.part(0, 100));
			b.register(load.part(100, 200));
			await().atMost(ENOUGH).until(() -> this.stage.events().size() > 100);
			long before = this.stage.duplicates();
			a.kill();
			await().atMost(ENOUGH).until(b::isSettled);
			Stage.report("kill one of two: %d duplicates before, %d in all", before, this.stage.duplicates());
			assertThat(before).as("duplicates while both nodes live").isZero();
		}
		assertThat(this.stage.events()).containsOnlyKeys(load.eventIds())
			.allSatisfy((id, bodies) -> assertThat(bodies.stream().distinct()).hasSize(1));
		assertThat(Stage.files(this.directory.resolve("out"))).containsAll(load.files());
	}

	/** A node with a directory of its own, and the files target that all nodes share. */
	private PackagedJar.Launch node(Database database, String name) throws Exception {
		Path place = Files.createDirectories(this.directory.resolve(name));
		return database.below(this.stage.launchWithWebhook(place))
			.environment("VEDETTE_NODE", name)
			.set("vedette.targets.files.uri", "file:" + this.directory.resolve("out").toAbsolutePath());
	}

}
