package io.vedette.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import io.vedette.standin.Request;
import io.vedette.standin.WebhookStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Two receivers with secrets, retry schedules and events of their own. */
@TestPropertySource(properties = { "vedette.targets.crm.secret=whsec_" + WebhookTest.KEY,
		"vedette.targets.crm.retry=200ms,200ms,1s", "vedette.targets.crm.events=vedette.face.detected",
		"vedette.targets.ends.secret=whsec_" + WebhookTest.KEY,
		"vedette.targets.ends.events=vedette.job.failed,vedette.job.succeeded" })
class WebhookTest extends RunningVedette {

	static final String KEY = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

	private static final WebhookStandIn crm = new WebhookStandIn();

	private static final WebhookStandIn ends = new WebhookStandIn();

	@DynamicPropertySource
	static void addTargets(DynamicPropertyRegistry registry) {
		registry.add("vedette.targets.crm.uri", () -> crm.url() + "?q=a%20b&path=%2Fx+y");
		registry.add("vedette.targets.ends.uri",
				() -> ends.url().replace("http://", "http://me:p%40ss%20w@") + "#part");
	}

	@AfterAll
	static void close() {
		crm.close();
		ends.close();
	}

	@BeforeEach
	void accept() {
		crm.answers(200);
		ends.answers(200);
	}

	@Test
	void postsTheEventSigned() throws Exception {
		String id = newId("signed-\u00fc\uD83D\uDE00");
		standIn.akool(id).withFaces(1);
		watch("akool", id);
		Request post = posts(crm, id).get(0);
		assertThat(post.method()).isEqualTo("POST");
		assertThat(post.header("content-type")).isEqualTo("application/cloudevents+json");
		assertThat(post.header("content-length")).isEqualTo(Integer.toString(post.body().length));
		assertThat(parse(post.text())).isEqualTo(events("akool", id).get(0));
		assertThat(post.header("user-agent")).startsWith("Vedette");
		assertThat(post.header("accept-encoding")).isEqualTo("identity");
		new Webhook("whsec_" + KEY).verify(post.text(), signed(post));
		assertThat(Instant.ofEpochSecond(Long.parseLong(post.header("webhook-timestamp"))))
			.isBetween(post.time().minusSeconds(60), post.time().plusSeconds(1));
	}

	@Test
	void namesTheEventInTheHeaders() {
		String id = newId("header");
		standIn.akool(id).withFaces(2);
		watch("akool", id);
		assertThat(posts(crm, id)).extracting((post) -> post.header("webhook-id"))
			.containsExactlyInAnyOrder("akool:" + id + ":face:0", "akool:" + id + ":face:1");
		assertThat(posts(crm, id)).allSatisfy((post) -> {
			assertThat(post.headers().keySet()).noneMatch((name) -> name.startsWith("camel"))
				.doesNotContain("x-api-key", "authorization");
			assertThat(post.headers().toString()).doesNotContain(standIn.key("akool"), KEY);
		});
	}

	@Test
	void keepsTheUrlAsItIsConfigured() {
		String id = newId("url");
		standIn.akool(id).withFaces(1);
		watch("akool", id);
		assertThat(posts(crm, id)).extracting((post) -> post.path() + "?" + post.query())
			.containsExactly("/hook?q=a%20b&path=%2Fx+y");
	}

	@Test
	void sendsTheEventsThatATargetWants() {
		String succeeding = newId("wanted");
		standIn.crun(succeeding).withFaces(2);
		watch("crun", succeeding);
		String failing = newId("wanted");
		standIn.crun(failing).failing();
		watch("crun", failing);
		assertThat(types(crm, succeeding)).containsExactly("vedette.face.detected", "vedette.face.detected");
		assertThat(types(ends, succeeding)).containsExactly("vedette.job.succeeded");
		assertThat(types(crm, failing)).isEmpty();
		assertThat(types(ends, failing)).containsExactly("vedette.job.failed");
	}

	@ParameterizedTest
	@ValueSource(ints = { 200, 201, 202, 204, 299 })
	void takesAnySuccessForOne(int status) {
		assertThat(delivery(newId("ok"), Reply.status(status)).path("attempts").asInt()).isEqualTo(1);
	}

	static List<Reply> oddSuccesses() {
		return List.of(Reply.status(200).text("thank you").cut(), Reply.big(512 * 1024),
				Reply.html("<html>thank you</html>"), Reply.truncated());
	}

	@ParameterizedTest
	@MethodSource("oddSuccesses")
	void takesTheStatusForTheWordWhateverElseIsSaid(Reply reply) {
		String id = newId("odd");
		JsonNode delivery = delivery(id, reply);
		assertThat(delivery.path("status").asText()).isEqualTo("DELIVERED");
		assertThat(posts(crm, id)).hasSize(1);
	}

	@Test
	void sendsUserAndPasswordAsBasicAndNoFragment() {
		String id = newId("basic");
		standIn.crun(id).withFaces(1);
		watch("crun", id);
		assertThat(posts(ends, id)).hasSize(1).allSatisfy((post) -> {
			assertThat(post.header("authorization"))
				.isEqualTo("Basic " + Base64.getEncoder().encodeToString("me:p@ss w".getBytes(StandardCharsets.UTF_8)));
			assertThat(post.path()).isEqualTo("/hook");
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { 301, 302, 307, 400, 401, 404, 500, 502 })
	void triesTheSameEventAgainAfterAFailure(int status) {
		Reply failure = Reply.status(status).header("location", ends.baseUrl() + "/moved");
		String id = newId("again");
		JsonNode delivery = delivery(id, failure, failure, Reply.status(200));
		assertThat(delivery.path("status").asText()).isEqualTo("DELIVERED");
		assertThat(delivery.path("attempts").asInt()).isEqualTo(3);
		assertThat(posts(crm, id)).hasSize(3).extracting(Request::text).containsOnly(posts(crm, id).get(0).text());
		assertThat(posts(crm, id)).extracting((post) -> post.header("webhook-id"))
			.containsOnly("crun:" + id + ":face:0");
		assertThat(ends.requests()).extracting(Request::path).doesNotContain("/moved");
	}

	@Test
	void triesAgainAfterABrokenConnection() {
		assertThat(delivery(newId("reset"), Reply.reset(), Reply.reset(), Reply.status(200)).path("status").asText())
			.isEqualTo("DELIVERED");
	}

	@Test
	void givesUpAfterTheLastWait() {
		String id = newId("dead");
		JsonNode delivery = delivery(id, Reply.status(500));
		assertThat(delivery.path("status").asText()).isEqualTo("DEAD");
		assertThat(delivery.path("attempts").asInt()).isEqualTo(4);
		assertThat(delivery.path("reason").asText()).isEqualTo("HTTP 500");
		assertThat(posts(crm, id)).hasSize(4);
	}

	@ParameterizedTest
	@ValueSource(ints = { 410, 415 })
	void givesUpAtOnceWhenTheReceiverIsGoneOrTakesNoSuchThing(int status) {
		String id = newId("gone");
		JsonNode delivery = delivery(id, Reply.status(status));
		assertThat(delivery.path("status").asText()).isEqualTo("DEAD");
		assertThat(delivery.path("reason").asText()).isEqualTo("HTTP " + status);
		assertThat(delivery.path("attempts").asInt()).isEqualTo(1);
		assertThat(posts(crm, id)).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 429, 503 })
	void waitsAsLongAsTheReceiverAsks(int status) {
		String id = newId("busy");
		JsonNode delivery = delivery(id, Reply.status(status).header("retry-after", "3"), Reply.status(200));
		assertThat(delivery.path("status").asText()).isEqualTo("DELIVERED");
		List<Request> posts = posts(crm, id);
		assertThat(posts).hasSize(2);
		assertThat(Duration.between(posts.get(0).time(), posts.get(1).time())).isGreaterThan(Duration.ofMillis(2900));
	}

	@Test
	void holdsUpNoOtherTarget() {
		crm.answers(Reply.hang(Duration.ofSeconds(12)));
		String id = newId("slow");
		standIn.crun(id).withFaces(3);
		register("crun", id);
		patiently().until(() -> events("crun", id).size() == 4);
		patiently().until(() -> types(ends, id).size() == 1);
		assertThat(job("crun", id).path("deliveries"))
			.filteredOn((delivery) -> delivery.path("target").asText().equals("crm"))
			.as("no attempt has ended")
			.extracting((delivery) -> delivery.path("status").asText() + " " + delivery.path("attempts"))
			.containsOnly("PENDING 0");
		crm.answers(200);
	}

	@Test
	void sendsNothingMoreOfAJobThatIsForgotten() {
		crm.answers((post) -> Reply.status(200).after(Duration.ofMillis(300)));
		String id = newId("forgotten");
		standIn.crun(id).withFaces(40);
		register("crun", id);
		patiently().until(() -> !posts(crm, id).isEmpty());

		assertThat(delete("/jobs/crun/" + id).statusCode()).isEqualTo(204);

		String next = newId("next");
		standIn.crun(next).withFaces(1);
		watch("crun", next);
		assertThat(posts(crm, id)).as("what was under way, and what was sent before").hasSizeLessThan(20);
		patiently().untilAsserted(() -> assertThat(this.data.resolve("out/crun/" + id)).doesNotExist());
	}

	/** How the delivery of a job's only face to crm ended, which answered so. */
	private JsonNode delivery(String id, Reply... replies) {
		AtomicInteger given = new AtomicInteger();
		crm.answers((post) -> post.text().contains("\"" + id + "\"")
				? replies[Math.min(given.getAndIncrement(), replies.length - 1)] : Reply.status(200));
		standIn.crun(id).withFaces(1);
		for (JsonNode delivery : watch("crun", id).path("deliveries")) {
			if (delivery.path("target").asText().equals("crm")) {
				return delivery;
			}
		}
		throw new AssertionError("no delivery to crm");
	}

	private static List<Request> posts(WebhookStandIn hook, String id) {
		return hook.requests().stream().filter((post) -> post.text().contains("\"" + id + "\"")).toList();
	}

	private static List<String> types(WebhookStandIn hook, String id) {
		return posts(hook, id).stream().map((post) -> parse(post.text()).path("type").asText()).toList();
	}

	private static Map<String, List<String>> signed(Request post) {
		return Stream.of("webhook-id", "webhook-timestamp", "webhook-signature")
			.collect(Collectors.toMap(Function.identity(), (name) -> List.of(post.header(name))));
	}

}
