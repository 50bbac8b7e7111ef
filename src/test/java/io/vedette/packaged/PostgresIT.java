package io.vedette.packaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import io.vedette.schedule.RateLimit;
import io.vedette.standin.Request;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/** One URL makes it PostgreSQL, and more than one node. */
class PostgresIT {

	private static final Duration ENOUGH = Duration.ofMinutes(2);

	private static EmbeddedPostgres server;

	@AutoClose
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

	/** One alone may watch five jobs of a provider at a time. */
	@Test
	void twoNodesShareABacklog() throws Exception {
		Load load = Load.crun("backlog", 100, Duration.ofSeconds(1));
		try (Database database = Database.on(server);
				PackagedJar a = node(database, "a").set("vedette.watching.max", "6").start();
				PackagedJar b = node(database, "b").set("vedette.watching.max", "6").start()) {
			a.register(load);
			await().atMost(ENOUGH).until(() -> a.isSettled() && b.isSettled());
			assertThat(b.console()).contains("SUCCEEDED");
			assertThat(a.console()).contains("SUCCEEDED");
		}
		this.stage.assertDeliveredOnce(load);
	}

	@Tag("alone")
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

	/** A second node joins and leaves meanwhile: neither may show at the provider. */
	@Tag("alone")
	@Test
	void nodesKeepTheRateLimitTogether() throws Exception {
		RateLimit limit = RateLimit.of("20/2s");
		Load load = Load.crun("rate", 160, Duration.ofHours(1));
		try (Database database = Database.isLocalThere() ? Database.local() : Database.on(server);
				PackagedJar a = limited(node(database, "a"), limit).start()) {
			a.register(load.part(0, 80));
			awaitPolls(40);
			try (PackagedJar b = limited(node(database, "b"), limit).start()) {
				b.register(load.part(80, 160));
				await().atMost(ENOUGH).until(() -> !pollsOf(load.part(80, 160)).isEmpty());
				awaitPolls(this.stage.providers().pollCount() + 100);
				assertThat(b.stop().exitCode()).isZero();
			}
			awaitPolls(this.stage.providers().pollCount() + 100);
		}
		List<Instant> polls = pollsOf(load);
		assertThat(IntStream.range(limit.requests(), polls.size())
			.mapToObj((i) -> Duration.between(polls.get(i - limit.requests()), polls.get(i))))
			.as("from each poll to the 20th after it")
			.allSatisfy((time) -> assertThat(time).isGreaterThanOrEqualTo(limit.period()));
	}

	private static PackagedJar.Launch limited(PackagedJar.Launch node, RateLimit limit) {
		return node.set("vedette.providers.crun.rate-limit", limit.toString())
			.set("vedette.providers.crun.polling", "fixed");
	}

	private void awaitPolls(long count) {
		await().atMost(ENOUGH).until(() -> this.stage.providers().pollCount() >= count);
	}

	private List<Instant> pollsOf(Load load) {
		return load.jobs()
			.stream()
			.flatMap((job) -> this.stage.providers().polls(job.provider(), job.jobId()).stream())
			.map(Request::time)
			.sorted()
			.toList();
	}

	/** A node with a directory of its own, and the files target that all nodes share. */
	private PackagedJar.Launch node(Database database, String name) throws Exception {
		Path place = Files.createDirectories(this.directory.resolve(name));
		return database.below(this.stage.launchWithWebhook(place))
			.environment("VEDETTE_NODE", name)
			.set("vedette.targets.files.uri", "file:" + this.directory.resolve("out").toAbsolutePath());
	}

}
