package io.vedette.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.EventContract;
import io.vedette.RunningVedette;
import io.vedette.node.Node;
import io.vedette.standin.Reply;
import io.vedette.standin.WebhookStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** What operators are told, and who else is not. */
@Tag("store")
@TestPropertySource(properties = { "vedette.targets.crm.secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"vedette.targets.crm.retry=300ms,1m,1m", "vedette.targets.ops.secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"vedette.targets.ops.retry=200ms",
		"vedette.targets.ops.events=vedette.target.paused,vedette.target.resumed,vedette.provider.refused,vedette.provider.restored,vedette.delivery.dead,vedette.node.lost,vedette.submit.unconfirmed",
		"vedette.targets.archive.uri=file:${vedette.data}/archive",
		"vedette.targets.archive.events=vedette.target.paused" })
class OperatorEventsTest extends RunningVedette {

	private static final WebhookStandIn crm = new WebhookStandIn();

	private static final WebhookStandIn ops = new WebhookStandIn();

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private Node node;

	@Autowired
	private Ownership ownership;

	@Autowired
	private Forgetting forgetting;

	@DynamicPropertySource
	static void addTargets(DynamicPropertyRegistry registry) {
		registry.add("vedette.targets.crm.uri", crm::url);
		registry.add("vedette.targets.ops.uri", ops::url);
	}

	@AfterAll
	static void close() {
		crm.close();
		ops.close();
	}

	@BeforeEach
	void bothWork() {
		crm.answers(200);
		ops.answers(200);
	}

	@Test
	void tellsThatATargetIsPausedAndResumed() throws IOException {
		crm.answers(503);
		String id = newId("paused");
		standIn.crun(id).withFaces(12);
		register("crun", id);
		JsonNode paused = awaitNews("vedette.target.paused", "crm");
		assertThat(paused.path("source").asText()).isEqualTo("/nodes/" + this.node.name());
		assertThat(paused.path("specversion").asText()).isEqualTo("1.0");
		assertThat(paused.at("/data/target").asText()).isEqualTo("crm");
		assertThat(paused.at("/data/reason").asText()).isEqualTo("HTTP 503");
		crm.answers(200);
		awaitNews("vedette.target.resumed", "crm");
		awaitEnd("crun", id);

		patiently().until(() -> !archived().isEmpty());
		assertThat(archived()).hasSize(1).allSatisfy((file) -> assertThat(file).startsWith("target-paused-"));
		assertThat(Files.exists(this.data.resolve("out/operator"))).as("files target, which wants *").isFalse();
		assertThat(types(crm)).noneMatch((type) -> type.startsWith("vedette.target"));
		assertThat(types(ops)).noneMatch((type) -> type.startsWith("vedette.job") || type.startsWith("vedette.face"));
	}

	@Test
	void tellsThatAProviderRefusesTheKeyAndIsBack() {
		String slow = newId("slow");
		String refused = newId("refused");
		standIn.akool(slow).replies(Reply.json("{\"code\":1000,\"data\":{\"status\":1}}").after(Duration.ofSeconds(3)));
		standIn.akool(refused).replies(Reply.json("{\"code\":1101,\"msg\":\"expired key\"}"));
		register("akool", slow);
		awaitPolls("akool", slow, 1);
		register("akool", refused);
		JsonNode news = awaitNews("vedette.provider.refused", "akool");
		assertThat(news.at("/data/reason/code").asText()).isEqualTo("1101");
		assertThat(news.at("/data/reason/message").asText()).isEqualTo("expired key");
		awaitNews("vedette.provider.restored", "akool");
		delete("/jobs/akool/" + slow);
		delete("/jobs/akool/" + refused);
	}

	@Test
	void tellsOfADeadLetterAndNotOfDeadNews() {
		crm.answers(410);
		ops.answers(410);
		String id = newId("dead");
		standIn.crun(id).withFaces(0);
		standIn.crun(id).failing();
		watch("crun", id);
		JsonNode dead = awaitNews("vedette.delivery.dead", "crm");
		assertThat(dead.at("/data/deliveries").asInt()).isEqualTo(1);
		assertThat(dead.at("/data/reason").asText()).isEqualTo("HTTP 410");
		assertThat(dead.at("/data/delivery/jobId").asText()).isEqualTo(id);
		assertThat(dead.at("/data/delivery/event").asText()).isEqualTo("crun:" + id + ":job");

		patiently().until(() -> deliveries("dead", "ops").size() == 1);
		assertThat(deliveries("dead", "ops").get(0).path("event").asText()).isEqualTo(dead.path("id").asText());
		assertThat(this.jdbc.sql("select count(*) from event where type = 'vedette.delivery.dead'")
			.query(Integer.class)
			.single()).isEqualTo(1);

		ops.answers(200);
		post("/deliveries/replay", "{\"target\":\"ops\"}");
		patiently().until(() -> deliveries("dead", "ops").isEmpty());
	}

	@Test
	void tellsThatNobodyKnowsWhetherAJobWasSubmitted() {
		String id = newId("unconfirmed");
		String mediaUrl = "https://media.example.com/" + id + ".png";
		standIn.submitting(mediaUrl, Reply.reset());
		Instant before = Instant.now();
		register(parse(
				"{'provider':'crun','mediaUrl':'%s','requestId':'%s','reference':'order 7'}".formatted(mediaUrl, id)));
		JsonNode news = awaitNews("vedette.submit.unconfirmed", "crun/request/" + id);
		assertThat(news.at("/data/provider").asText()).isEqualTo("crun");
		assertThat(news.at("/data/requestId").asText()).isEqualTo(id);
		assertThat(news.at("/data/reference").asText()).isEqualTo("order 7");
		assertThat(news.at("/data/reason/code").asText()).isEqualTo("no-answer");
		assertThat(Instant.parse(news.at("/data/sentAt").asText())).isBetween(before.minusMillis(1), Instant.now());
		assertThat(news.toString()).doesNotContain(mediaUrl);
		assertThat(get("/schemas/vedette.submit.unconfirmed.json").statusCode()).isEqualTo(200);
		post("/requests/" + id + "/abandon", "");
		// What the others are told later comes behind it.
		String later = newId("later");
		standIn.crun(later).failing();
		watch("crun", later);
		assertThat(types(crm)).contains("vedette.job.failed").doesNotContain("vedette.submit.unconfirmed");
		assertThat(Files.exists(this.data.resolve("out/operator"))).as("files target, which wants *").isFalse();
		assertThat(news("vedette.submit.unconfirmed", "crun/request/" + id)).hasSize(1);
	}

	@Test
	void tellsOnceThatANodeIsLost() {
		String name = newId("gone");
		this.jdbc.sql("insert into node (id, seen_at, live) values (:id, :seenAt, true)")
			.param("id", name)
			.param("seenAt", Instant.now().minus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC))
			.update();
		this.ownership.check();
		this.ownership.check();
		JsonNode lost = awaitNews("vedette.node.lost", name);
		assertThat(lost.at("/data/node").asText()).isEqualTo(name);
		assertThat(news("vedette.node.lost", name)).hasSize(1);
	}

	@Test
	void forgetsWhatIsOlderThanTheRetention() throws IOException {
		Instant old = Instant.now().minus(Duration.ofDays(31));
		this.jdbc.sql("""
				insert into event (seq, event_id, type, file_name, body, stored_at)
				values (0, 'operator:old', 'vedette.target.paused', 'target-paused-old', '{}', current_timestamp)
				""").update();
		this.jdbc.sql("""
				insert into delivery (event, target, status, due_at)
				select id, 'archive', 'PENDING', stored_at from event where event_id = 'operator:old'
				""").update();
		Path file = this.data.resolve("archive/operator/target-paused-old.json");
		patiently().until(() -> Files.exists(file));
		patiently().until(() -> deliveries("delivered", "archive").stream()
			.anyMatch((delivery) -> delivery.path("event").asText().equals("operator:old")));
		this.jdbc.sql("update event set stored_at = :old where event_id = 'operator:old'")
			.param("old", old.atOffset(ZoneOffset.UTC))
			.update();
		this.forgetting.forgetOld();
		assertThat(file).doesNotExist();
		assertThat(this.jdbc.sql("select count(*) from event where event_id = 'operator:old'")
			.query(Integer.class)
			.single()).isZero();
	}

	private JsonNode awaitNews(String type, String subject) {
		return patiently().until(() -> news(type, subject), (news) -> !news.isEmpty()).get(0);
	}

	private static List<JsonNode> news(String type, String subject) {
		return ops.requests()
			.stream()
			.map((request) -> parse(new String(request.body(), StandardCharsets.UTF_8)))
			.peek(EventContract::check)
			.filter((event) -> event.path("type").asText().equals(type)
					&& event.path("subject").asText().equals(subject))
			.toList();
	}

	private static List<String> types(WebhookStandIn target) {
		return target.requests()
			.stream()
			.map((request) -> parse(new String(request.body(), StandardCharsets.UTF_8)).path("type").asText())
			.toList();
	}

	private List<String> archived() throws IOException {
		Path directory = this.data.resolve("archive/operator");
		if (!Files.exists(directory)) {
			return List.of();
		}
		try (Stream<Path> files = Files.list(directory)) {
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> !name.startsWith(".") && !name.contains("-old"))
				.toList();
		}
	}

	private List<JsonNode> deliveries(String status, String target) {
		List<JsonNode> deliveries = new ArrayList<>();
		parse(get("/deliveries?limit=1000&status=%s&target=%s".formatted(status, target)).body()).path("deliveries")
			.forEach(deliveries::add);
		return deliveries;
	}

}
