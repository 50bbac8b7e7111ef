package io.vedette.packaged;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.vedette.standin.Reply;
import io.vedette.standin.Request;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What was accepted outlives the process, however it ends. */
class RestartIT {

	private static final Duration ENOUGH = Duration.ofMinutes(2);

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	@Tag("alone")
	@Test
	void stopsSoonAndWithoutAWordWhenNothingIsUnderWay() throws Exception {
		try (PackagedJar jar = this.stage.launch(this.directory).start()) {
			await().atMost(ENOUGH).until(() -> jar.console().contains("Vedette is ready"));
			assertStopsSoonAndWithoutAWord(jar, "idle stop");
		}
	}

	@Tag("alone")
	@Test
	void stopsAsSoonWhileJobsWaitForTheirNextPolls() throws Exception {
		Load load = Load.crun("waits", 200, Duration.ofHours(1));
		try (PackagedJar jar = this.stage.launchWithWebhook(this.directory)
			.set("vedette.providers.crun.polling", "fixed")
			.set("vedette.providers.crun.min-delay", "20s")
			.set("vedette.providers.crun.rate-limit", "10000/1s")
			.start()) {
			jar.register(load);
			await().atMost(ENOUGH).until(() -> this.stage.providers().pollCount() >= 200);
			assertStopsSoonAndWithoutAWord(jar, "stop while jobs wait");
		}
		assertThat(ownedRows()).as("rows with an owner").isZero();
	}

	@Tag("alone")
	@Test
	void stopsWithinTenSecondsAndDeliversEachEventOnce() throws Exception {
		Load load = Load.of("stop", 120, Duration.ofSeconds(5));
		slowDown(Duration.ofMillis(300));
		try (PackagedJar jar = this.stage.launchWithWebhook(this.directory).start()) {
			jar.register(load);
			await().atMost(ENOUGH).until(() -> this.stage.webhook().requestCount() > 20);
			PackagedJar.End end = jar.stop();
			Stage.report("stop: exit code %d after %d ms, %d events out", end.exitCode(), end.after().toMillis(),
					this.stage.events().size());
			assertThat(end.exitCode()).as(jar.console()).isZero();
			assertThat(end.after()).isLessThan(Duration.ofSeconds(10));
		}
		assertThat(ownedRows()).as("rows with an owner").isZero();
		slowDown(Duration.ZERO);
		finish(this.stage.launchWithWebhook(this.directory));
		this.stage.assertDeliveredOnce(load);
		assertThat(Stage.files(this.directory.resolve("data/out"))).isEqualTo(load.files());
	}

	@Test
	void finishesABacklogAfterAKill() throws Exception {
		Load load = Load.akool("backlog", 40, Duration.ofSeconds(1));
		PackagedJar.Launch launch = this.stage.launchWithWebhook(this.directory).set("vedette.watching.max", "6");
		try (PackagedJar jar = launch.start()) {
			jar.register(load);
			await().atMost(ENOUGH).until(() -> this.stage.providers().pollCount() > 10);
			jar.kill();
		}
		assertThat(ownedRows()).as("rows with an owner").isBetween(1, 20);
		finish(launch);
		assertThat(this.stage.events()).containsOnlyKeys(load.eventIds());
	}

	@Tag("alone")
	@Test
	void stopsInTimeWhileProvidersAndTargetsHang() throws Exception {
		Load load = Load.of("hang", 60, Duration.ZERO);
		this.stage.providers().override(RestartIT::hangEveryOther);
		this.stage.webhook().answers((request) -> Reply.hang(Duration.ofSeconds(15)));
		try (PackagedJar jar = this.stage.launchWithWebhook(this.directory).start()) {
			jar.register(load);
			await().atMost(ENOUGH)
				.until(() -> this.stage.webhook().requestCount() > 2 && this.stage.providers().pollCount() > 30);
			PackagedJar.End end = jar.stop();
			Stage.report("stop while all hangs: exit code %d after %d ms", end.exitCode(), end.after().toMillis());
			assertThat(end.exitCode()).as(jar.console()).isZero();
			assertThat(end.after()).isLessThan(Duration.ofSeconds(10));
		}
		assertThat(ownedRows()).as("rows with an owner").isZero();
	}

	@Test
	void losesNothingWhenKilledInTheMiddleOfALoad() throws Exception {
		Load load = Load.of("kill", 200, Duration.ofSeconds(4));
		List<Load> accepted = new ArrayList<>();
		try (PackagedJar jar = this.stage.launchWithWebhook(this.directory).start()) {
			CompletableFuture<Void> caller = CompletableFuture
				.runAsync(() -> accepted.addAll(registerInParts(jar, load)));
			await().atMost(ENOUGH).until(() -> this.stage.events().size() > 100);
			jar.kill();
			caller.join();
		}
		int before = this.stage.events().size();
		finish(this.stage.launchWithWebhook(this.directory));
		Load all = new Load(accepted.stream().flatMap((part) -> part.jobs().stream()).toList());
		Stage.report("kill: %d jobs accepted, %d events before, %d after, %d duplicates", all.jobs().size(), before,
				this.stage.events().size(), this.stage.duplicates());
		assertThat(this.stage.events()).containsKeys(all.eventIds().toArray(String[]::new))
			.allSatisfy((id, bodies) -> assertThat(bodies.stream().distinct()).hasSize(1));
		assertThat(load.eventIds()).containsAll(this.stage.events().keySet());
		assertThat(Stage.files(this.directory.resolve("data/out"))).containsAll(all.files())
			.filteredOn((name) -> name.endsWith(".json"))
			.isSubsetOf(load.files());
	}

	@Test
	void leavesAFileThatAStopBreaksOffToBeReadAgain() throws Exception {
		int rows = 40_000;
		Path file = Files.createDirectories(this.directory.resolve("data/inbox")).resolve("large.csv");
		Files.writeString(file, "provider,jobId\n"
				+ IntStream.range(0, rows).mapToObj("crun,large-%d\n"::formatted).collect(Collectors.joining()));
		PackagedJar.Launch launch = this.stage.launch(this.directory)
			.set("vedette.intakes.inbox.settle-time", "0s")
			.set("vedette.watching.max", "10");
		try (PackagedJar jar = launch.start()) {
			await().atMost(ENOUGH).until(() -> !jar.get("/jobs?limit=1").path("jobs").isEmpty());
			PackagedJar.End end = jar.stop();
			Stage.report("stop in a large file: %d ms", end.after().toMillis());
			assertThat(end.after()).isLessThan(Duration.ofSeconds(10));
			assertThat(jar.console()).contains("large.csv: Vedette stops").doesNotContain("\tat ");
		}
		assertThat(file).exists();
		assertThat(rows("job")).as("jobs after the stop").isBetween(1, rows - 1);
		try (PackagedJar jar = launch.start()) {
			await().atMost(ENOUGH).until(() -> !Files.exists(file));
		}
		assertThat(rows("job")).as("jobs").isEqualTo(rows);
	}

	@Test
	void sendsCallersAwayUntilItTakesTheirJobsAndWaitsForNoSilentBroker() throws Exception {
		Set<Integer> answers = new TreeSet<>();
		try (ServerSocket silent = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
				PackagedJar jar = this.stage.launch(this.directory)
					.set("vedette.intakes.silent.uri",
							"paho-mqtt5:jobs?brokerUrl=tcp://127.0.0.1:" + silent.getLocalPort())
					.run()) {
			await().atMost(ENOUGH)
				.pollInterval(Duration.ofMillis(5))
				.ignoreException(ConnectException.class)
				.until(() -> {
					answers.add(jar.post("/jobs", Load.single("crun", 1).requests()).statusCode());
					return answers.contains(202);
				});
		}
		assertThat(answers).isSubsetOf(202, 503);
	}

	@Test
	void keepsTheScheduleOfItsJobs() throws Exception {
		Load load = Load.of("schedule", 100, Duration.ZERO);
		Duration first = Duration.ofSeconds(12);
		Function<Path, PackagedJar.Launch> launch = (place) -> this.stage.launch(place)
			.set("vedette.providers.akool.min-delay", "12s")
			.set("vedette.providers.crun.min-delay", "12s");
		Instant registered;
		try (PackagedJar jar = launch.apply(this.directory).start()) {
			registered = Instant.now();
			jar.register(load);
			assertThat(jar.stop().exitCode()).isZero();
		}
		finish(launch.apply(this.directory));
		assertThat(load.jobs())
			.allSatisfy((job) -> assertThat(this.stage.providers().polls(job.provider(), job.jobId())).singleElement()
				.satisfies((poll) -> assertThat(poll.time()).isAfter(registered.plus(first))));
	}

	/** Starts it again and waits until nothing is open. */
	private void finish(PackagedJar.Launch launch) {
		try (PackagedJar jar = launch.start()) {
			await().atMost(ENOUGH).until(jar::isSettled);
		}
	}

	private static void assertStopsSoonAndWithoutAWord(PackagedJar jar, String name) throws Exception {
		String before = jar.console();
		PackagedJar.End end = jar.stop();
		Stage.report("%s: %d ms", name, end.after().toMillis());
		assertThat(end.exitCode()).isZero();
		assertThat(end.after()).isLessThan(Duration.ofSeconds(3));
		assertThat(jar.console()).isEqualTo(before);
	}

	private void slowDown(Duration time) {
		this.stage.webhook().answers((request) -> Reply.status(200).after(time));
	}

	private static Reply hangEveryOther(Request request) {
		return (request.toString().hashCode() % 2 == 0) ? Reply.hang(Duration.ofSeconds(15)) : null;
	}

	/** Ten jobs a call, until the process is gone; the parts it has taken. */
	private static List<Load> registerInParts(PackagedJar jar, Load load) {
		List<Load> accepted = new ArrayList<>();
		try {
			for (int from = 0; from < load.jobs().size(); from += 10) {
				Load part = load.part(from, from + 10);
				if (jar.post("/jobs", part.requests()).statusCode() == 202) {
					accepted.add(part);
				}
			}
		}
		catch (IOException ex) {
			// It was killed.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return accepted;
	}

	/** Jobs and deliveries in the database of a stopped node that somebody owns. */
	private int ownedRows() throws SQLException {
		return rows("job where owner is not null") + rows("delivery where owner is not null");
	}

	/** How many rows of a table there are in the database of a stopped node. */
	private int rows(String table) throws SQLException {
		try (Connection connection = Database.connect(this.directory);
				ResultSet rows = connection.createStatement().executeQuery("select count(*) from " + table)) {
			rows.next();
			return rows.getInt(1);
		}
	}

}
