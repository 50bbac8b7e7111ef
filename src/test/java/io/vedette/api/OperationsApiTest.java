package io.vedette.api;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import io.vedette.standin.WebhookStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is paused and replayed here would be missed by the other tests of a shared
 * application.
 */
@Tag("store")
@TestPropertySource(properties = "vedette.targets.crm.secret=whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXM=")
class OperationsApiTest extends RunningVedette {

	private static final WebhookStandIn crm = new WebhookStandIn();

	@Autowired
	private JdbcClient jdbc;

	@DynamicPropertySource
	static void addTarget(DynamicPropertyRegistry registry) {
		registry.add("vedette.targets.crm.uri", crm::url);
	}

	@AfterAll
	static void close() {
		crm.close();
	}

	@BeforeEach
	void switchOn() {
		crm.answers(200);
	}

	@Test
	void sendsNothingToATargetThatIsPaused() {
		String id = newId("paused");
		standIn.crun(id).withFaces(1);
		assertThat(post("/targets/crm/pause", "{}").body()).isEqualTo("{\"name\":\"crm\",\"paused\":true}");
		register("crun", id);
		patiently().until(() -> job("crun", id).path("deliveries").findValuesAsText("status").contains("DELIVERED"));
		patiently().during(Duration.ofMillis(1500)).until(() -> posts(id) == 0);
		assertThat(target("crm").path("state").asText()).isEqualTo("paused");
		assertThat(target("crm").path("reason").asText()).isEqualTo("paused by an operator");
		assertThat(post("/targets/crm/resume", "{}").body()).isEqualTo("{\"name\":\"crm\",\"paused\":false}");
		assertThat(awaitEnd("crun", id).at("/deliveries")).extracting((delivery) -> delivery.path("attempts").asInt())
			.containsOnly(1);
		assertThat(posts(id)).isEqualTo(2);
		assertThat(audit(2)).containsExactly("loopback resume target crm 1", "loopback pause target crm 1");
	}

	@Test
	void asksAProviderForNothingWhileItIsPaused() {
		String id = newId("paused");
		standIn.akool(id).withFaces(1);
		post("/providers/akool/pause", "{}");
		register("akool", id);
		patiently().during(Duration.ofMillis(1000)).until(() -> standIn.polls("akool", id).isEmpty());
		JsonNode pause = parse(get("/providers").body()).at("/providers/0/pause");
		assertThat(pause.path("cause").asText()).isEqualTo("operator");
		post("/providers/akool/resume", "{}");
		assertThat(awaitEnd("akool", id).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(audit(2)).containsExactly("loopback resume provider akool 1", "loopback pause provider akool 1");
	}

	@Test
	void heedsAPauseThatAnotherNodeWasTold() {
		this.jdbc.sql("insert into pause (kind, name, since) values ('TARGET', 'crm', current_timestamp)").update();
		patiently().until(() -> target("crm").path("state").asText().equals("paused"));
		this.jdbc.sql("delete from pause").update();
		patiently().until(() -> target("crm").path("state").asText().equals("open"));
	}

	@ParameterizedTest
	@CsvSource({ "/targets/crn/pause,expected one of [crm; files]", "/targets/crn/resume,target: not known here",
			"/providers/acool/pause,expected one of [akool; crun]", "/replays/999999/pause,replay: not known here",
			"/replays/x/stop,replay: not known here" })
	void knowsNothingOfThatName(String path, String detail) {
		HttpResponse<String> answer = post(path, "{}");
		assertThat(answer.statusCode()).isEqualTo(404);
		assertThat(parse(answer.body()).path("detail").asText()).contains(detail.replace(';', ','));
	}

	@Test
	void writesDownWhatWasForgotten() {
		String id = newId("forgotten");
		standIn.crun(id).withFaces(1);
		watch("crun", id);
		delete("/jobs/crun/" + id);
		assertThat(audit(1)).containsExactly("loopback forget crun/" + id + " 1");
		JsonNode page = parse(get("/audit?limit=1").body());
		assertThat(parse(get("/audit?limit=1&after=" + page.path("next").asText()).body()).toString())
			.doesNotContain("forget crun/" + id);
	}

	@Test
	void countsWithoutSendingAnything() {
		String id = dead();
		assertThat(replay("{'target':'crm','provider':'crun','dryRun':true}")).isGreaterThanOrEqualTo(2);
		assertThat(replay("{'target':'crm','type':'vedette.job.failed','dryRun':true}")).isZero();
		assertThat(replay("{'target':'crm','dryRun':true}")).isGreaterThanOrEqualTo(2);
		assertThat(replay("{'status':'delivered','target':'crm','since':'2999-01-01T00:00:00Z','dryRun':true}"))
			.isZero();
		assertThat(job("crun", id).path("deliveries").findValuesAsText("status")).contains("DEAD");
		assertThat(audit(1).toString()).doesNotContain("dryRun");
	}

	@ParameterizedTest
	@ValueSource(strings = { "50", "0/1s", "50/1us", "50/0s", "50/2d" })
	void refusesARateThatIsNone(String rate) {
		HttpResponse<String> response = post("/deliveries/replay",
				"{\"target\":\"crm\",\"rate\":\"%s\"}".formatted(rate));
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains("rate", "50/1s");
	}

	@Test
	void replaysInTheBackgroundAtItsRate() {
		String one = dead();
		String other = dead();
		crm.answers(200);
		HttpResponse<String> begun = post("/deliveries/replay",
				"{\"target\":\"crm\",\"type\":\"vedette.job.succeeded\",\"rate\":\"1/1s\"}");
		assertThat(begun.statusCode()).isEqualTo(202);
		String path = begun.headers().firstValue("location").orElseThrow();
		long matching = parse(begun.body()).path("matching").asLong();
		assertThat(matching).isGreaterThanOrEqualTo(2);
		JsonNode done = patiently().until(() -> parse(get(path).body()),
				(replay) -> replay.path("state").asText().equals("done"));
		assertThat(done.path("replayed").asLong()).isEqualTo(matching);
		assertThat(Duration.between(instant(done, "createdAt"), instant(done, "endedAt")))
			.isGreaterThan(Duration.ofMillis(900 * (matching - 1)));
		for (String id : List.of(one, other)) {
			assertThat(awaitEnd("crun", id).path("deliveries"))
				.filteredOn((delivery) -> delivery.path("target").asText().equals("crm"))
				.extracting((delivery) -> delivery.path("status").asText())
				.containsExactlyInAnyOrder("DEAD", "DELIVERED");
		}
		assertThat(audit(1)).containsExactly("loopback replay " + path.substring(1).replace("replays/", "replay ")
				+ " status=dead target=crm type=vedette.job.succeeded " + matching);
	}

	@Test
	void sendsDeliveredOnesAgainWithTheSameBytes() {
		String id = newId("again");
		standIn.crun(id).withFaces(1);
		watch("crun", id);
		JsonNode begun = parse(post("/deliveries/replay", """
				{"status":"delivered","target":"crm","provider":"crun","since":"%s","rate":"1000/1s"}"""
			.formatted(job("crun", id).path("finishedAt").asText())).body());
		patiently().until(() -> parse(get("/replays/" + begun.path("id").asText()).body()),
				(replay) -> replay.path("state").asText().equals("done"));
		patiently().until(() -> posts(id) == 4);
		assertThat(crm.requests().stream().filter((post) -> post.text().contains("\"" + id + "\"")))
			.extracting((post) -> post.text())
			.satisfies((bodies) -> assertThat(bodies.stream().distinct()).hasSize(2));
	}

	@Test
	void makesAsManyDueAgainInASecondAsItsRateSays() {
		String id = newId("many");
		standIn.crun(id).withFaces(2500);
		// Without their pictures.
		register(parse("{'provider':'crun','jobId':'" + id + "','targets':['crm']}"));
		awaitEnd("crun", id);
		CountDownLatch taken = new CountDownLatch(1);
		crm.answers((request) -> {
			await(taken);
			return Reply.status(200);
		});
		try {
			String path = post("/deliveries/replay",
					"{\"status\":\"delivered\",\"target\":\"crm\",\"rate\":\"4000/1s\"}")
				.headers()
				.firstValue("location")
				.orElseThrow();
			patiently().until(() -> parse(get(path).body()).path("replayed").asLong() > 2500);
			assertThat(posts(id)).isLessThan(2600);
		}
		finally {
			taken.countDown();
		}
		patiently().until(() -> posts(id) >= 2 * 2501);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void waitsWhileTheTargetOfAReplayIsPausedAndCanBeStopped() {
		dead();
		crm.answers(200);
		post("/targets/crm/pause", "{}");
		String path = post("/deliveries/replay", "{\"target\":\"crm\",\"rate\":\"1000/1s\"}").headers()
			.firstValue("location")
			.orElseThrow();
		patiently().during(Duration.ofMillis(2500)).until(() -> parse(get(path).body()).path("replayed").asLong() == 0);
		assertThat(state(post(path + "/pause", "{}"))).isEqualTo("paused");
		assertThat(state(post(path + "/resume", "{}"))).isEqualTo("running");
		assertThat(state(post(path + "/stop", "{}"))).isEqualTo("stopped");
		assertThat(post(path + "/resume", "{}").statusCode()).isEqualTo(400);
		post("/targets/crm/resume", "{}");
		patiently().during(Duration.ofMillis(1500)).until(() -> parse(get(path).body()).path("replayed").asLong() == 0);
	}

	@Test
	void goesOnWithAReplayThatWasBegunBeforeAStart() {
		String id = dead();
		crm.answers(200);
		this.jdbc.sql("""
				insert into replay (status, target, until_at, rate, state, matching, who, created_at, due_at)
				values ('DEAD', 'crm', current_timestamp, '1000/1s', 'RUNNING', 2, 'alice', current_timestamp,
				current_timestamp)
				""").update();
		assertThat(awaitEnd("crun", id)).isNotNull();
		patiently().until(() -> posts(id) >= 4);
	}

	@Test
	void listsReplaysNewestFirst() {
		long first = parse(post("/deliveries/replay", "{\"rate\":\"1/1s\"}").body()).path("id").asLong();
		long second = parse(post("/deliveries/replay", "{\"rate\":\"1/1s\"}").body()).path("id").asLong();
		JsonNode page = parse(get("/replays?limit=1").body());
		assertThat(page.path("replays").findValuesAsText("id")).containsExactly(Long.toString(second));
		JsonNode behind = parse(get("/replays?limit=1&after=" + page.path("next").asText()).body());
		assertThat(behind.path("replays").findValuesAsText("id")).containsExactly(Long.toString(first));
		// They would take what the other tests replay.
		Stream.of(first, second).forEach((id) -> post("/replays/" + id + "/stop", "{}"));
	}

	@Test
	void looksAtNothingTwiceAndKeepsItsRate() {
		List<String> ids = Stream.generate(this::dead).limit(6).toList();
		crm.answers(200);
		JsonNode begun = parse(post("/deliveries/replay", "{\"target\":\"crm\",\"rate\":\"4/1s\"}").body());
		JsonNode done = patiently().until(() -> parse(get("/replays/" + begun.path("id").asText()).body()),
				(replay) -> replay.path("state").asText().equals("done"));
		assertThat(done.path("replayed")).isEqualTo(begun.path("matching"));
		assertThat(ids).allSatisfy((id) -> assertThat(posts(id)).isGreaterThanOrEqualTo(2));
		// Half the rate would take twice as long.
		long parts = (begun.path("matching").asLong() + 3) / 4;
		assertThat(Duration.between(instant(done, "createdAt"), instant(done, "endedAt")))
			.isLessThan(Duration.ofMillis(1500 * parts + 4000));
	}

	@Test
	void forgetsOrdersAndReplaysAfterTheRetention() {
		this.jdbc.sql("""
				insert into audit (ordered_at, who, act, what, amount)
				values (timestamp with time zone '2020-01-01 00:00:00Z', 'ancient', 'PAUSE', 'target crm', 1)
				""").update();
		this.jdbc
			.sql("""
					insert into replay (status, target, until_at, rate, state, matching, who, created_at, due_at, ended_at)
					values ('DEAD', 'crm', current_timestamp, '1/1s', 'DONE', 2, 'ancient', current_timestamp, current_timestamp,
					timestamp with time zone '2020-01-01 00:00:00Z')
					""")
			.update();
		patiently().until(() -> !get("/audit?limit=1000").body().contains("ancient")
				&& !get("/replays?limit=1000").body().contains("ancient"));
	}

	@Test
	void showsAnOperatorsPauseInTheMetrics() {
		post("/providers/akool/pause", "");
		assertThat(get("/actuator/prometheus").body())
			.containsPattern("vedette_pause\\{.*cause=\"operator\",.*provider=\"akool\".*\\} 1.0");
		post("/providers/akool/resume", "");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{'status':'pending'}             | status: unknown; expected one of [DEAD, DELIVERED]
			{'provider':'acool','rate':'1/1s'} | provider "acool": unknown
			{'type':'vedette.face'}          | type "vedette.face": unknown
			{'rate':'fast'}                  | rate: no rate; expected <deliveries>/<time>
			{'rate':5}                       | rate: no rate; expected
			{'dryRun':'yes'}                 | dryRun: expected true or false
			{'dryrun':true}                  | key "dryrun": unknown
			{'ids':[1],'dryRun':true}        | key beside ids "dryRun"
			""")
	void refusesAReplayThatMakesNoSense(String body, String detail) {
		HttpResponse<String> answer = post("/deliveries/replay", body.replace('\'', '"'));
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
		assertThat(parse(answer.body()).path("detail").asText()).startsWith(detail);
	}

	private static Instant instant(JsonNode node, String member) {
		return Instant.parse(node.path(member).asText());
	}

	private static String state(HttpResponse<String> answer) {
		return parse(answer.body()).path("state").asText();
	}

	/** What a dry run counts. */
	private long replay(String body) {
		JsonNode answer = parse(post("/deliveries/replay", body.replace('\'', '"')).body());
		assertThat(answer.fieldNames()).toIterable().containsExactly("matching");
		return answer.path("matching").asLong();
	}

	/** A job of one face whose two deliveries to the target crm are dead. */
	private String dead() {
		crm.answers(410);
		String id = newId("dead");
		standIn.crun(id).withFaces(1);
		watch("crun", id);
		return id;
	}

	private long posts(String id) {
		return crm.requests().stream().filter((post) -> post.text().contains("\"" + id + "\"")).count();
	}

	private JsonNode target(String name) {
		for (JsonNode target : parse(get("/targets").body()).path("targets")) {
			if (target.path("target").asText().equals(name)) {
				return target;
			}
		}
		throw new AssertionError(name);
	}

	/** The last orders, newest first. */
	private List<String> audit(int count) {
		List<String> entries = new ArrayList<>();
		parse(get("/audit?limit=" + count).body()).path("audit")
			.forEach((entry) -> entries.add("%s %s %s %d".formatted(entry.path("who").asText(),
					entry.path("act").asText(), entry.path("what").asText(), entry.path("count").asLong())));
		return entries;
	}

}
