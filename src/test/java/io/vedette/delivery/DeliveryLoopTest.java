package io.vedette.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import io.vedette.standin.Request;
import io.vedette.standin.WebhookStandIn;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/** In which order deliveries go, and what counts as an attempt. */
@Tag("store")
@TestPropertySource(properties = { "vedette.targets.hook.secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"vedette.targets.hook.retry=500ms,1s,1m", "vedette.targets.loft.uri=pigeon:loft",
		"vedette.targets.loft.retry=200ms,1m" })
class DeliveryLoopTest extends RunningVedette {

	private static final WebhookStandIn hook = new WebhookStandIn();

	private static final Queue<Pigeon> pigeons = new ConcurrentLinkedQueue<>();

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private CamelContext camel;

	@Autowired
	private Attempts attempts;

	@Autowired
	private TargetStates states;

	@Autowired
	private DataSourceProperties database;

	@DynamicPropertySource
	static void addTargets(DynamicPropertyRegistry registry) {
		registry.add("vedette.targets.hook.uri", hook::url);
	}

	@AfterAll
	static void close() {
		hook.close();
	}

	@BeforeEach
	void accept() {
		hook.answers(200);
	}

	@Test
	void sendsTheEventOfAJobAfterThoseOfItsFaces() {
		AtomicInteger given = new AtomicInteger();
		hook.answers((post) -> Reply.status(200).after(Duration.ofMillis((given.incrementAndGet() % 7) * 40L)));
		String id = newId("follows");
		standIn.crun(id).withFaces(25);
		register("crun", id, "hook");
		awaitEnd("crun", id);
		assertThat(posts(id)).hasSize(26);
		assertThat(types(id).indexOf("vedette.job.succeeded")).isEqualTo(25);
	}

	@Test
	void sendsTheEventOfAJobOnceEachFaceHasFailedAnAttempt() {
		hook.answers((post) -> Reply.status(post.text().contains(":face:1\"") ? 500 : 200)
			.after(Duration.ofMillis(post.text().contains(":face:1\"") ? 700 : 0)));
		String id = newId("fails");
		standIn.crun(id).withFaces(4);
		register("crun", id, "hook");
		patiently().until(() -> types(id).contains("vedette.job.succeeded"));
		assertThat(ids(id).subList(0, types(id).indexOf("vedette.job.succeeded"))).contains("crun:" + id + ":face:0",
				"crun:" + id + ":face:1", "crun:" + id + ":face:2", "crun:" + id + ":face:3");
		assertThat(job("crun", id).at("/deliveries/1/status").asText()).isEqualTo("PENDING");
		delete("/jobs/crun/" + id);
	}

	@Test
	void claimsTheEventOfAJobAfterThoseOfItsFaces() {
		String id = newId("claimed");
		standIn.crun(id).withFaces(3);
		register("crun", id, "hook");
		awaitEnd("crun", id);
		this.jdbc.sql("insert into node (id, seen_at) values ('busy', current_timestamp + interval '1' hour)").update();
		open(id, "status = 'PENDING', attempts = 0, settled_at = null, owner = 'busy'", ":face:0");
		open(id, "status = 'PENDING', attempts = 0, settled_at = null", ":face:1");
		open(id, "status = 'PENDING', attempts = 0, settled_at = null", ":job");

		patiently().until(() -> ids(id).stream().filter(("crun:" + id + ":face:1")::equals).count() == 2);
		await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(4)).until(() -> posts(id).size() == 5);

		open(id, "attempts = 1", ":face:0");
		patiently().until(() -> posts(id).size() == 6);
		assertThat(ids(id).get(5)).isEqualTo("crun:" + id + ":job");
		this.jdbc.sql("delete from node where id = 'busy'").update();
		delete("/jobs/crun/" + id);
	}

	@Test
	void countsNoFaultOfTheDatabaseAsAFailedAttempt() throws Exception {
		hook.answers((post) -> Reply.status(200).after(Duration.ofSeconds(1)));
		String id = newId("locked");
		standIn.crun(id).failing();
		register("crun", id, "hook");
		patiently().until(() -> posts(id).size() == 1);
		try (Connection other = this.database.initializeDataSourceBuilder()
			.type(SimpleDriverDataSource.class)
			.build()
			.getConnection()) {
			other.setAutoCommit(false);
			try (PreparedStatement lock = other.prepareStatement(
					"select id from delivery where job = (select id from job where job_id = ?) for update")) {
				lock.setString(1, id);
				lock.executeQuery();
				await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
			}
			other.rollback();
		}
		JsonNode delivery = awaitEnd("crun", id).at("/deliveries/0");
		assertThat(delivery.path("status").asText()).isEqualTo("DELIVERED");
		assertThat(delivery.path("attempts").asInt()).isEqualTo(1);
		assertThat(posts(id)).hasSize(1);
	}

	@Test
	void keepsTheRowsOfATargetWhoseRouteIsNotStarted() throws Exception {
		this.camel.getRouteController().stopRoute("send-to-hook");
		String id = newId("stopped");
		standIn.crun(id).withFaces(2);
		register("crun", id, "hook");
		patiently().until(() -> job("crun", id).path("status").asText().equals("SUCCEEDED"));
		await().during(Duration.ofSeconds(2))
			.atMost(Duration.ofSeconds(4))
			.until(() -> rows(id, "status = 'PENDING' and attempts = 0 and owner is null") == 3);
		assertThat(this.states.all()).filteredOn((state) -> state.target().equals("hook"))
			.singleElement()
			.satisfies((state) -> assertThat(state.state()).hasToString("not-started"))
			.satisfies((state) -> assertThat(state.pending()).isEqualTo(3))
			.satisfies((state) -> assertThat(state.oldestDueAt()).isNotNull());
		this.camel.getRouteController().startRoute("send-to-hook");
		awaitEnd("crun", id);
		assertThat(ids(id)).hasSize(3).endsWith("crun:" + id + ":job");
	}

	@Test
	void sendsToAKindOfTargetThatATeamHasAdded() {
		String id = newId("hawk");
		standIn.crun(id).withFaces(1);
		register("crun", id, "loft");
		JsonNode deliveries = awaitEnd("crun", id).path("deliveries");
		assertThat(deliveries.findValuesAsText("status")).containsOnly("DELIVERED");
		assertThat(deliveries.findValuesAsText("attempts")).as("the first bird of each is lost").containsOnly("2");
		assertThat(pigeons).filteredOn((pigeon) -> pigeon.body().contains("\"" + id + "\""))
			.extracting((pigeon) -> pigeon.to() + " " + parse(pigeon.body()).path("id").asText())
			.containsExactlyInAnyOrder("pigeon:loft crun:" + id + ":face:0", "pigeon:loft crun:" + id + ":job");
	}

	@Test
	void sendsTheEventOfAJobLastThatNoQueueHasRoomFor() {
		String id = newId("many");
		standIn.crun(id).withFaces(5200);
		register("crun", id, "loft");
		// H2 has one connection, and a test that asks in between may wait for it in vain.
		patiently().pollInterval(Duration.ofSeconds(1))
			.ignoreExceptionsInstanceOf(CannotGetJdbcConnectionException.class)
			.until(() -> rows(id, "status = 'DELIVERED' and attempts = 1") == 5201);
		List<Pigeon> sent = pigeons.stream().filter((pigeon) -> pigeon.body().contains("\"" + id + "\"")).toList();
		assertThat(sent).hasSize(5201);
		// None is overtaken again and again while it waits until it may be sent.
		assertThat(IntStream.range(0, 5200))
			.allSatisfy((place) -> assertThat(parse(sent.get(place).body()).at("/data/index").asInt()).isCloseTo(place,
					within(1000)));
		assertThat(parse(sent.get(5200).body()).path("type").asText()).isEqualTo("vedette.job.succeeded");
	}

	@Test
	void forgetsTheEventOfAJobWithItsFaces() {
		hook.answers((post) -> Reply.status(200).after(Duration.ofMillis(300)));
		String id = newId("forgotten");
		standIn.crun(id).finishesAfter(Duration.ofDays(1));
		register("crun", id, "hook");
		standIn.crun(id).withFaces(20).finishesAfter(Duration.ZERO);
		patiently().until(() -> !posts(id).isEmpty());
		assertThat(delete("/jobs/crun/" + id).statusCode()).isEqualTo(204);
		await().during(Duration.ofSeconds(2))
			.atMost(Duration.ofSeconds(4))
			.until(() -> !types(id).contains("vedette.job.succeeded"));
		assertThat(this.attempts.held()).isEmpty();
	}

	/** Beside the packaged routes, as a file in {@code routes/} would be. */
	@TestConfiguration
	static class Pigeons {

		@Bean
		RouteBuilder sendToPigeon() {
			return new RouteBuilder() {

				@Override
				public void configure() {
					routeTemplate("send-to-pigeon").templateParameter("target")
						.templateParameter("uri")
						.from("direct:send-to-{{target}}")
						.filter()
						.simple("${variable.delivery.attempts} == 0 && ${variable.delivery.jobId} contains 'hawk'")
						.throwException(new IllegalStateException("a hawk"))
						.end()
						.setHeader("to", constant("{{uri}}"))
						.process((exchange) -> pigeons
							.add(new Pigeon(exchange.getMessage().getHeader("to", String.class),
									exchange.getMessage().getBody(String.class))));
				}

			};
		}

	}

	private record Pigeon(String to, String body) {
	}

	private void register(String provider, String id, String target) {
		register(parse("{'provider':'%s','jobId':'%s','targets':['%s']}".formatted(provider, id, target)));
	}

	/** Changes the rows of a job's deliveries of events with such ids. */
	private void open(String id, String change, String event) {
		int changed = this.jdbc
			.sql("update delivery set " + change + " where event = (select e.id from event e join job j on j.id = e.job"
					+ " where j.job_id = :id and e.event_id = :event)")
			.param("id", id)
			.param("event", "crun:" + id + event)
			.update();
		assertThat(changed).isEqualTo(1);
	}

	private int rows(String id, String condition) {
		return this.jdbc
			.sql("select count(*) from delivery where job = (select id from job where job_id = :id) and " + condition)
			.param("id", id)
			.query(Integer.class)
			.single();
	}

	private static List<Request> posts(String id) {
		return hook.requests().stream().filter((post) -> post.text().contains("\"" + id + "\"")).toList();
	}

	private static List<String> types(String id) {
		return posts(id).stream().map((post) -> parse(post.text()).path("type").asText()).toList();
	}

	private static List<String> ids(String id) {
		return posts(id).stream().map((post) -> post.header("webhook-id")).toList();
	}

}
