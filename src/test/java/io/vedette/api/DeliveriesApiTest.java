package io.vedette.api;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.WebhookStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Dead letters need a target that can be told to fail. */
@Tag("store")
@TestPropertySource(properties = "vedette.targets.crm.secret=whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXM=")
class DeliveriesApiTest extends RunningVedette {

	private static final WebhookStandIn crm = new WebhookStandIn();

	private static final Comparator<JsonNode> LAST_SETTLED_FIRST = Comparator.comparing(DeliveriesApiTest::settledAt)
		.thenComparing((delivery) -> delivery.path("id").asLong())
		.reversed();

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

	@ParameterizedTest
	@ValueSource(strings = { "", "&status=dead", "&target=files", "&status=delivered&target=files", "&since={first}",
			"&until={last}", "&target=crm&since={first}&until={last}", "&status=dead&since={first}",
			"&status=delivered&target=files&until={last}", "&status=pending&since={first}" })
	void pagesThroughWhatAFilterLeaves(String filter) {
		dead();
		dead();
		List<JsonNode> all = deliveries("?limit=1000");
		List<Instant> moments = all.stream().map(DeliveriesApiTest::settledAt).sorted().toList();
		Instant first = moments.get(1);
		Instant last = moments.get(moments.size() - 1);
		List<JsonNode> expected = all.stream()
			.filter((delivery) -> !filter.contains("status=")
					|| filter.contains("status=" + delivery.path("status").asText().toLowerCase(Locale.ROOT)))
			.filter((delivery) -> !filter.contains("target=")
					|| filter.contains("target=" + delivery.path("target").asText()))
			.filter((delivery) -> !filter.contains("since") || !settledAt(delivery).isBefore(first))
			.filter((delivery) -> !filter.contains("until") || settledAt(delivery).isBefore(last))
			.sorted((filter.contains("since") || filter.contains("until") ? LAST_SETTLED_FIRST
					: Comparator.comparing((JsonNode delivery) -> 0)))
			.toList();
		List<JsonNode> paged = new ArrayList<>();
		String after = "";
		while (after != null) {
			JsonNode page = parse(get("/deliveries?limit=3"
					+ filter.replace("{first}", first.toString()).replace("{last}", last.toString()) + after)
				.body());
			page.path("deliveries").forEach(paged::add);
			after = page.path("next").isNull() ? null : "&after=" + page.path("next").asText();
		}
		assertThat(paged).isEqualTo(expected);
	}

	@Test
	void refusesACursorOfAnotherList() {
		HttpResponse<String> response = get("/deliveries?since=2026-01-01T00:00:00Z&after=17");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(parse(response.body()).path("detail").asText()).startsWith("after: ");
		assertThat(get("/deliveries?since=2026-01-01T00:00:00Z&after=yesterday_17").statusCode()).isEqualTo(400);
		assertThat(get("/deliveries?since=2026-01-01T00:00:00Z&after=2026-01-01T00:00:00Z_x").statusCode())
			.isEqualTo(400);
	}

	@Test
	void triesTheDeadOnesWithTheseIdsAgain() {
		String id = dead();
		crm.answers(200);
		long dead = deliveries("?status=dead&target=crm&limit=1").get(0).path("id").asLong();
		assertThat(replay("{\"ids\":[" + dead + ",999999999]}").body()).isEqualTo("{\"matching\":1,\"replayed\":1}");
		JsonNode job = awaitEnd("crun", id);
		assertThat(job.at("/deliveries")).filteredOn((delivery) -> delivery.path("id").asLong() == dead)
			.extracting((delivery) -> delivery.path("status").asText())
			.containsExactly("DELIVERED");
		assertThat(deliveries("?status=dead&target=crm&limit=1").get(0).path("jobId").asText()).isEqualTo(id);
		assertThat(replay("{\"ids\":[" + dead + "]}").body()).isEqualTo("{\"matching\":0,\"replayed\":0}");
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
		JsonNode done = parse(replay("{\"target\":\"crm\",\"since\":\"" + since + "\"}").body());
		assertThat(done.fieldNames()).toIterable().containsExactly("id", "matching", "replayed");
		assertThat(done.path("matching").asInt()).isEqualTo(2);
		assertThat(done.path("replayed").asInt()).isEqualTo(2);
		JsonNode shown = parse(get("/replays/" + done.path("id").asText()).body());
		assertThat(shown.path("state").asText()).isEqualTo("done");
		assertThat(shown.path("rate").asText()).isEqualTo("at once");
		assertThat(shown.path("matching")).isEqualTo(shown.path("replayed")).isEqualTo(done.path("matching"));
		awaitEnd("crun", after);
		assertThat(deliveries("?status=dead&target=crm&limit=2"))
			.extracting((delivery) -> delivery.path("jobId").asText())
			.containsExactly(before, before);
		assertThat(parse(replay("{\"since\":\"2999-01-01T00:00:00Z\"}").body()).path("matching").asInt(1)).isZero();
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

	private static Instant settledAt(JsonNode delivery) {
		return Instant.parse(delivery.path("settledAt").asText());
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
