package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.ProviderStandIn;
import io.vedette.standin.Reply;
import io.vedette.standin.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A third provider is one more table and its keys. A fourth, whose route is written by
 * hand, is one like the others to the loop.
 */
@TestPropertySource(properties = "camel.main.routes-include-pattern="
		+ "classpath:routes/*.camel.yaml,file:examples/ask-magic-hour.camel.yaml,"
		+ "file:examples/ask-facemint.camel.yaml,file:examples/ask-azure.camel.yaml,"
		+ "file:src/test/resources/hand-written/*.camel.yaml")
class MagicHourTest extends RunningVedette {

	/** Plays facemint and Azure. */
	private static final ProviderStandIn others = new ProviderStandIn();

	private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

	@Autowired
	private Providers providers;

	@DynamicPropertySource
	static void configure(DynamicPropertyRegistry registry) {
		registry.add("vedette.providers.magic-hour.base-url", standIn::baseUrl);
		registry.add("vedette.providers.magic-hour.api-key", () -> standIn.key("magic-hour"));
		for (String provider : List.of("facemint", "azure")) {
			registry.add("vedette.providers." + provider + ".base-url", others::baseUrl);
			registry.add("vedette.providers." + provider + ".api-key", () -> "the-key-of-" + provider);
		}
		registry.add("vedette.providers.by-hand.base-url", standIn::baseUrl);
		registry.add("vedette.providers.by-hand.token", () -> standIn.key("magic-hour"));
	}

	@Test
	void isAProviderLikeTheOthers() {
		assertThat(this.providers.names()).containsExactly("akool", "azure", "by-hand", "crun", "facemint",
				"magic-hour");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			../../z     | ..%2F..%2Fz
			a?b=c#d e   | a%3Fb%3Dc%23d%20e
			..          | %2E%2E
			""")
	void asksForTheVeryJobWithItsKey(String id, String encoded) {
		standIn.magicHour(id).replies(reply("{'status': 'complete', 'faces': []}"));
		register("magic-hour", id);
		awaitPollOf(encoded);
		assertThat(standIn.requests()).filteredOn((request) -> request.path().endsWith("/" + encoded))
			.allSatisfy((poll) -> {
				assertThat(poll.path()).isEqualTo("/v1/face-detection/" + encoded);
				assertThat(poll.header("authorization")).isEqualTo("Bearer " + standIn.key("magic-hour"));
				assertThat(poll.headers()).containsOnlyKeys("host", "connection", "user-agent", "accept-encoding",
						"authorization");
			});
	}

	private static void awaitPollOf(String encoded) {
		patiently().until(() -> standIn.requests().stream().anyMatch((poll) -> poll.path().endsWith("/" + encoded)));
	}

	@Test
	void savesThePictures() {
		String id = newId("pictures");
		standIn.magicHour(id).withFaces(2);
		watch("magic-hour", id);
		assertThat(this.data.resolve("out/magic-hour").resolve(id).resolve("face-1.png")).isNotEmptyFile();
	}

	@Test
	void asksByPostWithTheIdInTheBody() {
		others.override((request) -> reply(
				"{'code': 0, 'data': {'state': 3, 'result': {'file_url': 'https://203.0.113.9/0.mp4'}}}"));
		String id = "a\"b\\c 人脸";
		assertThat(watch("facemint", id).path("status").asText()).isEqualTo("SUCCEEDED");
		Request poll = lastOfOthers();
		assertThat(poll.method()).isEqualTo("POST");
		assertThat(poll.path()).isEqualTo("/api/get-task-info");
		assertThat(parse(poll.text()).path("task_id").asText()).isEqualTo(id);
		assertThat(poll.header("content-type")).isEqualTo("application/json");
		assertThat(poll.header("x-api-key")).isEqualTo("the-key-of-facemint");
	}

	@Test
	void asksAtTheUrlThatTheJobsIdIs() {
		others.override((request) -> reply("{'status': 'Succeeded', 'result': {'contents': []}}"));
		watch("azure", others.baseUrl() + "/face/operations/7%2F8?api-version=2025&x=%26");
		Request poll = lastOfOthers();
		assertThat(poll.method()).isEqualTo("GET");
		assertThat(poll.path()).isEqualTo("/face/operations/7%2F8");
		assertThat(poll.query()).isEqualTo("api-version=2025&x=%26");
		assertThat(poll.headers()).containsOnlyKeys("host", "connection", "user-agent", "accept-encoding",
				"ocp-apim-subscription-key");
	}

	@Test
	void asksNoOtherServerThanItsOwn() {
		String id = standIn.baseUrl() + "/face/operations/" + newId("elsewhere");
		JsonNode job = watch("azure", id);
		assertThat(job.path("status").asText()).isEqualTo("FAILED");
		assertThat(job.at("/reason/code").asText()).isEqualTo("job-id");
		assertThat(standIn.requests()).noneMatch((request) -> request.path().startsWith("/face/operations"));
	}

	private static Request lastOfOthers() {
		return others.requests().get(others.requests().size() - 1);
	}

	@Test
	void asksByARouteWrittenByHand() {
		String id = newId("by-hand");
		standIn.magicHour(id)
			.replies(reply("{'id': '%s', 'status': 'rendering'}".formatted(id)),
					reply("{'id': 'another', 'status': 'complete'}"),
					reply("{'id': '%s', 'status': 'complete', 'faces': [{'url': 'https://203.0.113.9/0.png'}]}"
						.formatted(id)));
		JsonNode job = watch("by-hand", id);
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(job.path("polls").asInt()).isEqualTo(3);
		assertThat(events("by-hand", id)).extracting((event) -> event.path("id").asText())
			.containsExactly("by-hand:" + id + ":face:0", "by-hand:" + id + ":job");
	}

	@Test
	void tellsOfItsTraceByARouteWrittenByHand() {
		String traced = newId("by-hand");
		String untraced = newId("by-hand");
		standIn.magicHour(traced).replies(reply("{'status': 'complete'}"));
		standIn.magicHour(untraced).replies(reply("{'status': 'complete'}"));
		register(parse("{'provider':'by-hand','jobId':'%s','traceparent':'%s'}".formatted(traced, TRACE)));
		awaitEnd("by-hand", traced);
		watch("by-hand", untraced);
		assertThat(standIn.polls("magic-hour", traced)).isNotEmpty()
			.allSatisfy((poll) -> assertThat(poll.header("traceparent")).isEqualTo(TRACE));
		assertThat(standIn.polls("magic-hour", untraced)).isNotEmpty()
			.allSatisfy((poll) -> assertThat(poll.headers()).doesNotContainKey("traceparent"));
	}

	@Test
	void failsByARouteWrittenByHand() {
		String id = newId("by-hand");
		standIn.magicHour(id).failing("The file could not be processed.", "processing_failed");
		JsonNode job = watch("by-hand", id);
		assertThat(job.path("status").asText()).isEqualTo("FAILED");
		assertThat(job.path("reason"))
			.isEqualTo(parse("{'code': 'processing_failed', 'message': 'The file could not be processed.'}"));
	}

	@Test
	void waitsAsLongAsARouteWrittenByHandIsTold() {
		String id = newId("by-hand");
		standIn.magicHour(id)
			.replies(reply("{'status': 'rendering'}").header("retry-after", "1"), reply("{'status': 'complete'}"));
		watch("by-hand", id);
		List<Request> polls = standIn.polls("magic-hour", id);
		assertThat(Duration.between(polls.get(0).time(), polls.get(1).time())).isGreaterThan(Duration.ofMillis(980));
	}

	@Test
	void pausesTheProviderAndKeepsTheJobOnceRefused() {
		String id = newId("refused");
		standIn.magicHour(id).replies(Reply.json(401, parse("{'message': 'Unauthorized'}")));
		register("magic-hour", id);
		Provider provider = this.providers.get("magic-hour");
		patiently().until(() -> provider.account("default").pause(Instant.now()).isPresent());
		assertThat(job("magic-hour", id).path("status").asText()).isEqualTo("WATCHING");
		assertThat(delete("/jobs/magic-hour/" + id).statusCode()).isEqualTo(204);
		provider.account("default")
			.poll((moment) -> 1)
			.hear(Answer.of(AnswerClass.PENDING, null, Duration.ZERO), Instant.now());
	}

	private static Reply reply(String body) {
		return Reply.json(parse(body));
	}

}
