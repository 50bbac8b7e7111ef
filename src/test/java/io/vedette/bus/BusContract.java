package io.vedette.bus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.EventContract;
import io.vedette.RunningVedette;
import io.vedette.standin.TcpProxy;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every bus promises as intake and as target, set up as its recipe says. Vedette is
 * started while the broker can't be reached.
 */
@Import(DatabaseOutage.class)
@DirtiesContext
abstract class BusContract extends RunningVedette {

	private static final Duration LONG = Duration.ofSeconds(90);

	/** Makes queues and topics those of this run. */
	protected static final String RUN = Long.toString(System.nanoTime(), 36);

	private final List<Event> received = new ArrayList<>();

	@Autowired
	protected CamelContext camel;

	@Autowired
	protected DatabaseOutage database;

	/** An event as its consumer gets it. */
	record Event(String id, String contentType, String body) {
	}

	/** The name that the recipe gives the intake and the target. */
	protected abstract String name();

	/** The way between Vedette and its broker. */
	protected abstract TcpProxy broker();

	/** Sends a message to the intake. */
	protected abstract void send(String body) throws Exception;

	/** Receives the target's next event, or null if none comes within a second. */
	protected abstract Event receive() throws Exception;

	@BeforeEach
	void mendBroker() {
		broker().mend();
	}

	@AfterEach
	void mendDatabase() {
		this.database.mend();
	}

	@Test
	void takesAJobAndHandsOnEveryFaceWithItsIdAndContentType() throws Exception {
		String id = newId("recipe");
		standIn.crun(id).withFaces(2);
		send(jobRequest(id));
		assertThat(awaitEvents(id, 3)).hasSize(3).allSatisfy((event) -> {
			JsonNode body = parse(event.body());
			assertThat(event.id()).isEqualTo(body.path("id").asText());
			assertThat(event.contentType()).isEqualTo("application/cloudevents+json");
			EventContract.check(body);
			assertThat(body.at("/data/jobId").asText()).isEqualTo(id);
		})
			.extracting(Event::id)
			.containsExactlyInAnyOrder("crun:" + id + ":face:0", "crun:" + id + ":face:1", "crun:" + id + ":job");
	}

	@Test
	void tellsThatABatchIsCompleteBehindAllOfItsEvents() throws Exception {
		String batch = newId("batch-" + name());
		String id = newId("in-batch");
		standIn.crun(id).withFaces(2);
		send("{\"provider\":\"crun\",\"jobId\":\"%s\",\"batch\":\"%s\",\"batchSize\":1}".formatted(id, batch));
		Event completed = awaitEvent("batch:" + batch);
		JsonNode body = parse(completed.body());
		assertThat(completed.contentType()).isEqualTo("application/cloudevents+json");
		EventContract.check(body);
		assertThat(body.path("type").asText()).isEqualTo("vedette.batch.completed");
		assertThat(body.at("/data/total").asInt()).isEqualTo(1);
		assertThat(body.at("/data/succeeded").asInt()).isEqualTo(1);
		assertThat(get(body.path("dataschema").asText().replaceFirst("^vedette:", "")).statusCode()).isEqualTo(200);
		assertThat(awaitEvents(id, 3)).hasSize(3);
		assertThat(this.received.stream().map(Event::id)).containsOnlyOnce(completed.id());
	}

	@Test
	void keepsAMessageWithTheBrokerWhileTheDatabaseIsAwayAlsoThroughAStop() throws Exception {
		String id = newId("kept");
		standIn.crun(id).withFaces(1);
		this.database.cut();
		send(jobRequest(id));
		awaitInTheWorks();
		stopIntake();
		startIntake();
		awaitInTheWorks();
		this.database.mend();
		awaitKnown(id);
		assertThat(awaitEvents(id, 2)).hasSize(2);
		assertThat(rejected(id)).isEmpty();
	}

	@Test
	void setsABadMessageAsideOnce() throws Exception {
		String id = newId("bad");
		send("{\"jobId\":\"" + id);
		send("[" + jobRequest(id + "-unknown").replace("crun", "acool") + "," + jobRequest(id + "-good") + "]");
		awaitKnown(id + "-good");
		patiently().untilAsserted(() -> assertThat(rejected(id)).hasSize(2));
		stopIntake();
		startIntake();
		send(jobRequest(id + "-next"));
		awaitKnown(id + "-next");
		assertThat(rejected(id)).hasSize(2);
	}

	@Test
	void losesNothingWhileTheBrokerIsAway() throws Exception {
		String id = newId("away");
		String next = newId("back");
		standIn.crun(id).withFaces(2);
		standIn.crun(next).withFaces(1);
		send(jobRequest(id));
		awaitEvents(id, 3);
		broker().cut();
		String meanwhile = newId("meanwhile");
		standIn.crun(meanwhile).withFaces(2);
		register("crun", meanwhile);
		awaitAttempt(meanwhile);
		broker().mend();
		assertThat(awaitEvents(meanwhile, 3)).extracting(Event::id).doesNotHaveDuplicates();
		send(jobRequest(next));
		assertThat(awaitEvents(next, 2)).hasSize(2);
	}

	@Test
	void comesBackToMoreThanItCanHoldWhenTheBrokerWasAway() throws Exception {
		// After a stop that was forced Camel may not deliver again until the next start.
		stopIntake();
		startIntake();
		this.database.cut();
		List<String> ids = sendMany();
		awaitInTheWorks();
		broker().cut();
		broker().mend();
		this.database.mend();
		ids.forEach(this::awaitKnown);
	}

	protected static String jobRequest(String id) {
		return "{\"provider\":\"crun\",\"jobId\":\"" + id + "\"}";
	}

	protected List<String> sendMany() {
		List<String> ids = Stream.generate(() -> newId("many")).limit(40).toList();
		// MQTT's client counts a message as under way for a moment after its broker has
		// it.
		ids.forEach((id) -> patiently().ignoreExceptions().untilAsserted(() -> send(jobRequest(id))));
		return ids;
	}

	/** All events of a job, once there are that many. */
	protected List<Event> awaitEvents(String id, int count) {
		return await((event) -> event.id().contains(":" + id + ":"), count);
	}

	/** The event of this id. */
	protected Event awaitEvent(String id) {
		return await((event) -> event.id().equals(id), 1).get(0);
	}

	private List<Event> await(Predicate<Event> wanted, int count) {
		return patiently().atMost(LONG).until(() -> {
			if (this.received.stream().filter(wanted).count() < count) {
				Optional.ofNullable(receive()).ifPresent(this.received::add);
			}
			return this.received.stream().filter(wanted).toList();
		}, (events) -> events.size() >= count);
	}

	protected void awaitKnown(String id) {
		patiently().atMost(LONG).until(() -> get("/jobs/crun/" + id).statusCode() == 200);
	}

	/** Waits until an attempt to deliver something of a job has failed. */
	protected void awaitAttempt(String id) {
		patiently().atMost(LONG)
			.until(() -> job("crun", id).path("deliveries")
				.findValues("attempts")
				.stream()
				.anyMatch((attempts) -> attempts.asInt() > 0));
	}

	/** Waits until the intake has a message that it can't store. */
	protected void awaitInTheWorks() {
		patiently().atMost(LONG).until(() -> this.camel.getInflightRepository().size("take-in-" + name()) > 0);
	}

	protected void stopIntake() throws Exception {
		this.camel.getRouteController().stopRoute("take-in-" + name(), 3, TimeUnit.SECONDS);
	}

	protected void startIntake() throws Exception {
		this.camel.getRouteController().startRoute("take-in-" + name());
	}

	/**
	 * What of the messages with this text is among the rejected ones, without reasons.
	 */
	protected List<Path> rejected(String text) {
		Path directory = this.data.resolve("rejected");
		try (Stream<Path> files = Files.isDirectory(directory) ? Files.list(directory) : Stream.empty()) {
			return files.filter((file) -> !file.getFileName().toString().startsWith("."))
				.filter((file) -> read(file).contains(text))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
