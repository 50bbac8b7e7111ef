package io.vedette.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.bus.DatabaseOutage;
import io.vedette.standin.Reply;
import io.vedette.standin.Request;
import io.vedette.standin.WebhookStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Many jobs that finish together, and how many of their events go out at once. */
@Tag("store")
@Import(DatabaseOutage.class)
@TestPropertySource(properties = { "vedette.targets.hook.secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"vedette.targets.narrow.secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "vedette.targets.narrow.concurrency=3",
		"vedette.targets.files.events=vedette.job.succeeded" })
class SettlementTest extends RunningVedette {

	private static final int JOBS = 40;

	private static final WebhookStandIn hook = new WebhookStandIn();

	private final AtomicInteger underWay = new AtomicInteger();

	private final AtomicInteger mostUnderWay = new AtomicInteger();

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private Attempts attempts;

	@Autowired
	private DatabaseOutage outage;

	@Autowired
	private DataSourceProperties database;

	@DynamicPropertySource
	static void addTargets(DynamicPropertyRegistry registry) {
		registry.add("vedette.targets.hook.uri", hook::url);
		registry.add("vedette.targets.narrow.uri", () -> hook.url() + "/narrow");
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
	void settlesManyJobsAtOnceOfWhichOneCantBeStored() {
		List<String> ids = begin("together", "hook");
		String bad = ids.get(7);
		this.jdbc.sql("""
				alter table event add constraint only_storable
				check (type <> 'vedette.face.detected' or event_id not like '%""" + bad + ":%')").update();
		try {
			finishTogether(ids, 2);
			ids.forEach((id) -> awaitEnd("crun", id));
			assertThat(job("crun", bad).at("/reason/code").asText()).isEqualTo("unstorable");
			assertThat(events(bad)).containsExactly("crun:" + bad + ":job");
			ids.stream()
				.filter((id) -> !id.equals(bad))
				.forEach((id) -> assertThat(events(id)).containsExactlyInAnyOrder("crun:" + id + ":face:0",
						"crun:" + id + ":face:1", "crun:" + id + ":job"));
		}
		finally {
			this.jdbc.sql("alter table event drop constraint only_storable").update();
		}
	}

	@Test
	void settlesNothingOfAJobThatAnotherNodeHasTaken() throws Exception {
		List<String> ids = begin("taken", "hook");
		String lost = ids.get(3);
		this.jdbc.sql("insert into node (id, seen_at) values ('other', current_timestamp + interval '1' hour)")
			.update();
		try (Connection other = this.database.initializeDataSourceBuilder()
			.type(SimpleDriverDataSource.class)
			.build()
			.getConnection()) {
			other.setAutoCommit(false);
			try (PreparedStatement take = other.prepareStatement("update job set owner = 'other' where job_id = ?")) {
				take.setString(1, lost);
				take.executeUpdate();
			}
			finishTogether(ids, 1);
			awaitPolls("crun", lost, 3);
			other.commit();
		}
		ids.stream().filter((id) -> !id.equals(lost)).forEach((id) -> awaitEnd("crun", id));
		assertThat(job("crun", lost).path("status").asText()).isEqualTo("WATCHING");
		assertThat(events(lost)).isEmpty();
		this.jdbc.sql("delete from node where id = 'other'").update();
		assertThat(awaitEnd("crun", lost).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(events(lost)).containsExactlyInAnyOrder("crun:" + lost + ":face:0", "crun:" + lost + ":job");
	}

	@Test
	void settlesWhatFinishedWhileTheDatabaseWasAway() {
		List<String> ids = begin("away", "hook");
		this.outage.cut();
		try {
			finishTogether(ids, 1);
			awaitPolls("crun", ids.get(0), 3);
		}
		finally {
			this.outage.mend();
		}
		ids.forEach((id) -> assertThat(awaitEnd("crun", id).path("status").asText()).isEqualTo("SUCCEEDED"));
		ids.forEach((id) -> assertThat(events(id)).containsExactlyInAnyOrder("crun:" + id + ":face:0",
				"crun:" + id + ":job"));
	}

	@Test
	void asksForNothingAgainThatFinishedWhenTheDatabaseBrokeOff() {
		List<String> ids = begin("broken", "hook");
		this.outage.breakOff();
		try {
			finishTogether(ids, 1);
			await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
		}
		finally {
			this.outage.mend();
		}
		List<Integer> polls = polls(ids);
		ids.forEach((id) -> assertThat(awaitEnd("crun", id).path("status").asText()).isEqualTo("SUCCEEDED"));
		ids.forEach((id) -> assertThat(events(id)).containsExactlyInAnyOrder("crun:" + id + ":face:0",
				"crun:" + id + ":job"));
		assertThat(polls(ids)).isEqualTo(polls);
	}

	private static List<Integer> polls(List<String> ids) {
		return ids.stream().map((id) -> standIn.polls("crun", id).size()).toList();
	}

	@Test
	void keepsTheIdOfAJobWhenTheDatabaseBrokeOffAfterItWasSubmitted() {
		String mediaUrl = "https://media.example.com/" + newId("broken") + ".png";
		String id = newId("request");
		standIn.override((request) -> {
			if (request.text().contains(mediaUrl)) {
				this.outage.breakOff();
			}
			return null;
		});
		try {
			post("/jobs", "{\"provider\":\"crun\",\"mediaUrl\":\"%s\",\"requestId\":\"%s\"}".formatted(mediaUrl, id));
			patiently().until(() -> standIn.submissions(mediaUrl).size() == 1);
			await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
		}
		finally {
			standIn.override((request) -> null);
			this.outage.mend();
		}
		String jobId = standIn.submissions(mediaUrl).get(0);
		patiently().until(() -> get("/jobs/crun/" + jobId).statusCode() == 200);
		assertThat(awaitEnd("crun", jobId).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(standIn.submissions(mediaUrl)).hasSize(1);
	}

	@Test
	void sendsLittleThatItCantWriteDown() {
		String id = newId("unwritten");
		standIn.crun(id).withFaces(600);
		hook.answers((post) -> {
			this.outage.cut();
			return Reply.status(200);
		});
		try {
			register("crun", id, "hook");
			patiently().until(() -> events(id).size() >= 100);
			// What is being written and what has ended since, each up to a hundred and
			// the attempts that were under way by then.
			int most = 2 * (100 + 16);
			await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(5)).until(() -> events(id).size() < most);
			// What waits to be sent is not in nobody's hands.
			assertThat(this.attempts.held()).hasSize(601);
		}
		finally {
			hook.answers(200);
			this.outage.mend();
		}
		awaitEnd("crun", id);
		assertThat(events(id)).hasSize(601).doesNotHaveDuplicates();
	}

	@Test
	void holdsUpNobodyForADeliveryThatTheDatabaseRefuses() {
		String refused = newId("refused");
		standIn.crun(refused).finishesAfter(Duration.ofDays(1));
		register("crun", refused, "hook");
		awaitPolls("crun", refused, 1);
		long row = this.jdbc.sql("select id from job where job_id = :id")
			.param("id", refused)
			.query(Long.class)
			.single();
		this.jdbc
			.sql("alter table delivery add constraint only_others check (status <> 'DELIVERED' or job <> " + row + ")")
			.update();
		try {
			standIn.crun(refused).withFaces(1).finishesAfter(Duration.ZERO);
			patiently().until(() -> !events(refused).isEmpty());
			String other = newId("other");
			standIn.crun(other).withFaces(1);
			register("crun", other, "hook");
			awaitEnd("crun", other);
			assertThat(job("crun", refused).at("/deliveries/0/status").asText()).isEqualTo("PENDING");
		}
		finally {
			this.jdbc.sql("alter table delivery drop constraint only_others").update();
		}
		awaitEnd("crun", refused);
		assertThat(events(refused)).containsExactlyInAnyOrder("crun:" + refused + ":face:0",
				"crun:" + refused + ":job");
	}

	@Test
	void givesEachTargetTheEventsItWants() {
		List<String> ids = begin("wanted", "files", "hook");
		finishTogether(ids, 2);
		ids.forEach((id) -> {
			JsonNode job = awaitEnd("crun", id);
			assertThat(job.path("deliveries").findValuesAsText("target")).containsExactly("files", "hook", "hook",
					"hook");
			assertThat(events("crun", id)).singleElement()
				.satisfies((event) -> assertThat(event.path("id").asText()).isEqualTo("crun:" + id + ":job"));
		});
	}

	@Test
	void sendsSixteenEventsAtOnceToAWebhook() {
		assertThat(attemptsAtOnce("hook")).isEqualTo(16);
	}

	@Test
	void sendsAsManyEventsAtOnceAsATargetIsToHave() {
		assertThat(attemptsAtOnce("narrow")).isEqualTo(3);
	}

	private int attemptsAtOnce(String target) {
		hook.answers(this::takeTime);
		String id = newId("wide");
		standIn.crun(id).withFaces(60);
		register("crun", id, target);
		awaitEnd("crun", id);
		return this.mostUnderWay.get();
	}

	private Reply takeTime(Request post) {
		this.mostUnderWay.accumulateAndGet(this.underWay.incrementAndGet(), Math::max);
		try {
			Thread.sleep(100);
			return Reply.status(200);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			this.underWay.decrementAndGet();
		}
	}

	/** Jobs that are asked for, and go on until {@link #finishTogether}. */
	private List<String> begin(String name, String... targets) {
		List<String> ids = IntStream.range(0, JOBS).mapToObj((number) -> newId(name)).toList();
		ids.forEach((id) -> {
			standIn.crun(id).finishesAfter(Duration.ofDays(1));
			register("crun", id, targets);
		});
		ids.forEach((id) -> awaitPolls("crun", id, 1));
		return ids;
	}

	private void finishTogether(List<String> ids, int faces) {
		ids.forEach((id) -> standIn.crun(id).withFaces(faces).finishesAfter(Duration.ZERO));
	}

	private void register(String provider, String id, String... targets) {
		String names = String.join("','", targets);
		register(parse("{'provider':'%s','jobId':'%s','targets':['%s']}".formatted(provider, id, names)));
	}

	private static List<String> events(String id) {
		return posts(id).map((post) -> post.header("webhook-id")).toList();
	}

	private static Stream<Request> posts(String id) {
		return hook.requests().stream().filter((post) -> post.text().contains("\"" + id + "\""));
	}

}
