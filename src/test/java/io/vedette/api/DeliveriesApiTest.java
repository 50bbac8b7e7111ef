package io.vedette.api;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.WebhookStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("store")
@TestPropertySource(properties = "vedette.targets.crm.secret=whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXM=")
class DeliveriesApiTest extends RunningVedette {

	private static final WebhookStandIn crm = new WebhookStandIn();

	@DynamicPropertySource
	static void addTarget(DynamicPropertyRegistry registry) {
		registry.add("vedette.targets.crm.uri", crm::url);
	}

	@AfterAll
	static void close() {
		crm.close();
	}

	@BeforeEach
	void switchOff() {
		crm.answers(410);
	}

	@Test
	void listsTheDeadOfATarget() {
		String id = dead();
		List<JsonNode> dead = deliveries("?status=dead&target=crm&limit=2");
		assertThat(dead).extracting((delivery) -> delivery.path("event").asText())
			.containsExactly("crun:" + id + ":job", "crun:" + id + ":face:0");
		assertThat(dead.get(0).path("reason").asText()).isEqualTo("HTTP 410");
		assertThat(dead.get(0).path("attempts").asInt()).isEqualTo(1);
		assertThat(deliveries("?status=DEAD&target=files")).isEmpty();
		assertThat(deliveries("?target=nobody")).isEmpty();
		assertThat(deliveries("?status=delivered&target=files&limit=2"))
			.extracting((delivery) -> delivery.path("jobId").asText())
			.containsExactly(id, id);
	}

	@Test
	void pagesThroughTheDeliveries() {
		dead();
		JsonNode first = parse(get("/deliveries?limit=3").body());
		JsonNode second = parse(get("/deliveries?limit=1&after=" + first.path("next").asText()).body());
		long last = first.at("/deliveries/2/id").asLong();
		assertThat(first.at("/deliveries/0/id").asLong()).isGreaterThan(last);
		assertThat(second.at("/deliveries/0/id").asLong()).isLessThan(last);
	}

	@Test
	void triesTheDeadOnesWithTheseIdsAgain() {
		String id = dead();
		crm.answers(200);
		long dead = deliveries("?status=dead&target=crm&limit=1").get(0).path("id").asLong();
		assertThat(replay("{\"ids\":[" + dead + ",999999999]}").body()).isEqualTo("{\"replayed\":1}");
		JsonNode job = awaitEnd("crun", id);
		assertThat(job.at("/deliveries")).filteredOn((delivery) -> delivery.path("id").asLong() == dead)
			.extracting((delivery) -> delivery.path("status").asText())
			.containsExactly("DELIVERED");
		assertThat(deliveries("?status=dead&target=crm&limit=1").get(0).path("jobId").asText()).isEqualTo(id);
		assertThat(replay("{\"ids\":[" + dead + "]}").body()).isEqualTo("{\"replayed\":0}");
	}

	@Test
	void triesTheDeadOnesOfATargetAgain() {
		String id = dead();
		crm.answers(200);
		assertThat(parse(replay("{\"target\":\"files\"}").body()).path("replayed").asInt()).isZero();
		assertThat(parse(replay("{\"target\":\"crm\"}").body()).path("replayed").asInt()).isGreaterThanOrEqualTo(2);
		awaitEnd("crun", id);
		assertThat(deliveries("?status=dead&target=crm")).isEmpty();
		assertThat(crm.requests()).filteredOn((request) -> request.header("webhook-id").contains(id))
			.extracting((request) -> request.header("webhook-id"))
			.containsExactlyInAnyOrder("crun:" + id + ":face:0", "crun:" + id + ":job", "crun:" + id + ":face:0",
					"crun:" + id + ":job");
	}

	@Test
	void triesTheDeadOnesSinceAMomentAgain() {
		String before = dead();
		Instant since = Instant.now();
		String after = dead();
		crm.answers(200);
		assertThat(replay("{\"target\":\"crm\",\"since\":\"" + since + "\"}").body()).isEqualTo("{\"replayed\":2}");
		awaitEnd("crun", after);
		assertThat(deliveries("?status=dead&target=crm&limit=2"))
			.extracting((delivery) -> delivery.path("jobId").asText())
			.containsExactly(before, before);
		assertThat(replay("{\"since\":\"2999-01-01T00:00:00Z\"}").body()).isEqualTo("{\"replayed\":0}");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			``                        | body
			[]                        | body
			{                         | body
			{'ids':[]}                | ids
			{'ids':5}                 | ids
			{'ids':['5']}             | ids
			{'ids':[1.5]}             | ids
			{'ids':null}              | ids
			{'target':'crn'}          | target
			{'target':5}              | target
			{'target':''}             | target
			{'since':'yesterday'}     | since
			{'since':5}               | since
			{'since':'2026-05-27'}    | since
			{'taget':'crm'}           | key "taget"
			{'target':'crm'} x        | body
			{'ids':[1],'target':'crm'} | key beside ids "target"
			""")
	void refusesAReplayOfWhatIsNotThere(String body, String field) {
		HttpResponse<String> response = replay(body.replace('\'', '"'));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
		assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
		assertThat(parse(response.body()).path("detail").asText()).startsWith(field).contains("expected");
	}

	/** A job of one face whose two deliveries to the target crm are dead. */
	private String dead() {
		String id = newId("dead");
		standIn.crun(id).withFaces(1);
		watch("crun", id);
		return id;
	}

	private HttpResponse<String> replay(String body) {
		return post("/deliveries/replay", body);
	}

	private List<JsonNode> deliveries(String query) {
		List<JsonNode> all = new ArrayList<>();
		parse(get("/deliveries" + query).body()).path("deliveries").forEach(all::add);
		return all;
	}

}
