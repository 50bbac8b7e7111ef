package io.vedette.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import io.vedette.standin.Request;
import io.vedette.standin.WebhookStandIn;
import org.apache.camel.CamelContext;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** In which order deliveries go, and what counts as an attempt. */
@Tag("store")
@TestPropertySource(properties = { "vedette.targets.hook.secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"vedette.targets.hook.retry=500ms,1s,1m", "vedette.targets.loft.uri=pigeon:loft",
		"vedette.targets.loft.retry=200ms,1m" })
class DeliveryLoopTest extends RunningVedette {

	private static final WebhookStandIn hook = new WebhookStandIn();

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private CamelContext camel;

	@Autowired
	private ConsumerTemplate consumer;

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
		this.camel.getRouteController().startRoute("send-to-hook");
		awaitEnd("crun", id);
		assertThat(ids(id)).hasSize(3).endsWith("crun:" + id + ":job");
	}

	@Test
	void sendsToAKindOfTargetThatATeamHasAdded() {
		String id = newId("pigeon");
		standIn.crun(id).withFaces(1);
		register("crun", id, "loft");
		Exchange face = patiently().until(() -> this.consumer.receive("seda:pigeons", 100), (one) -> one != null);
		assertThat(parse(face.getMessage().getBody(String.class)).path("id").asText())
			.isEqualTo("crun:" + id + ":face:0");
		assertThat(face.getMessage().getHeader("to")).isEqualTo("pigeon:loft");
		JsonNode deliveries = awaitEnd("crun", id).path("deliveries");
		assertThat(deliveries.findValuesAsText("status")).containsOnly("DELIVERED");
		assertThat(deliveries.findValuesAsText("attempts")).as("the first bird of each is lost").containsOnly("2");
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
						.simple("${variable.delivery.attempts} == 0")
						.throwException(new IllegalStateException("a hawk"))
						.end()
						.setHeader("to", constant("{{uri}}"))
						.to("seda:pigeons");
				}

			};
		}

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
