package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** A third provider is one more route file and its keys. */
@TestPropertySource(properties = "camel.main.routes-include-pattern="
		+ "classpath:routes/*.camel.yaml,file:examples/ask-magic-hour.camel.yaml")
class MagicHourTest extends RunningVedette {

	@Autowired
	private Providers providers;

	@DynamicPropertySource
	static void configure(DynamicPropertyRegistry registry) {
		registry.add("vedette.providers.magic-hour.base-url", standIn::baseUrl);
		registry.add("vedette.providers.magic-hour.api-key", () -> standIn.key("magic-hour"));
	}

	@Test
	void isAProviderLikeTheOthers() {
		assertThat(this.providers.names()).containsExactly("akool", "crun", "magic-hour");
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
	void waitsForTheWholeListOfFaces() {
		String id = newId("partial");
		standIn.magicHour(id)
			.replies(reply("{'status': 'queued', 'faces': []}"), reply(
					"{'status': 'rendering', 'faces': [{'path': 'p/0.png', 'url': 'https://203.0.113.9/0.png'}]}"),
					reply("{'status': 'complete', 'faces': [{'path': 'p/0.png'}, {'path': 'p/1.png'}]}"));
		JsonNode job = watch("magic-hour", id);
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(job.path("polls").asInt()).isEqualTo(3);
		List<JsonNode> events = events("magic-hour", id);
		assertThat(events).extracting((event) -> event.path("id").asText())
			.containsExactly("magic-hour:" + id + ":face:0", "magic-hour:" + id + ":face:1",
					"magic-hour:" + id + ":job");
		assertThat(events.get(1).at("/data/details")).isEqualTo(parse("{'path': 'p/1.png'}"));
	}

	@Test
	void savesThePictures() {
		String id = newId("pictures");
		standIn.magicHour(id).withFaces(2);
		watch("magic-hour", id);
		assertThat(this.data.resolve("out/magic-hour").resolve(id).resolve("face-1.png")).isNotEmptyFile();
	}

	@Test
	void failsWithTheProvidersOwnReason() {
		String id = newId("error");
		standIn.magicHour(id).failing("The file could not be processed.", "processing_failed");
		JsonNode job = watch("magic-hour", id);
		assertThat(job.path("status").asText()).isEqualTo("FAILED");
		assertThat(job.path("reason"))
			.isEqualTo(parse("{'code': 'processing_failed', 'message': 'The file could not be processed.'}"));
	}

	@Test
	void takesNotFoundForNotYet() {
		String id = newId("later");
		standIn.magicHour(id)
			.replies(Reply.json(404, parse("{'message': 'Not Found'}")),
					Reply.html("<h1>Bad Gateway</h1>").withStatus(502), reply("{'status': 'complete', 'faces': []}"));
		assertThat(watch("magic-hour", id).path("status").asText()).isEqualTo("SUCCEEDED");
	}

	@Test
	void pausesTheProviderAndKeepsTheJobOnceRefused() {
		String id = newId("refused");
		standIn.magicHour(id).replies(Reply.json(401, parse("{'message': 'Unauthorized'}")));
		register("magic-hour", id);
		Provider provider = this.providers.get("magic-hour");
		patiently().until(() -> provider.pause(Instant.now()).isPresent());
		assertThat(job("magic-hour", id).path("status").asText()).isEqualTo("WATCHING");
		assertThat(delete("/jobs/magic-hour/" + id).statusCode()).isEqualTo(204);
		provider.turn((moment) -> 1).hear(Answer.of(AnswerClass.PENDING, null, Duration.ZERO), Instant.now());
	}

	private static Reply reply(String body) {
		return Reply.json(parse(body));
	}

}
