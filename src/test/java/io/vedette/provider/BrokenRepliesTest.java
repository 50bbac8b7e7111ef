package io.vedette.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import io.vedette.standin.StandInJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is no answer ends no job. A provider that hangs is given up after a second. */
@TestPropertySource(
		properties = { "camel.component.http.response-timeout=1000", "camel.component.http.so-timeout=1000" })
@ExtendWith(OutputCaptureExtension.class)
class BrokenRepliesTest extends RunningVedette {

	private static final Map<String, String> DONE = Map.of("akool",
			"{'code': 1000, 'data': {'status': 3, 'analysis_result': {'media': []}}}", "crun",
			"{'code': 200, 'data': {'status': 'succeeded', 'result': {'faces': []}}}");

	private static final Map<String, String> OK = Map.of("akool", "1000", "crun", "200");

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("brokenReplies")
	void asksOnUntilThereIsAnAnswer(String provider, String name, Reply broken) {
		String id = newId("broken");
		standInJob(provider, id).replies(broken, done(provider));
		JsonNode job = watch(provider, id);
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(job.path("polls").asInt()).isEqualTo(2);
		assertThat(standIn.polls(provider, id)).hasSize(2);
		assertThat(events(provider, id)).hasSize(1);
	}

	static Stream<Arguments> brokenReplies() {
		return Stream.of("akool", "crun").flatMap((provider) -> {
			String ok = "{\"code\":" + OK.get(provider) + ",\"data\":";
			return Stream.of(Arguments.of(provider, "page", Reply.html("<html><h1>Welcome</h1></html>")),
					Arguments.of(provider, "error page", Reply.html("<h1>Bad Gateway</h1>").withStatus(502)),
					Arguments.of(provider, "truncated", Reply.truncated()),
					Arguments.of(provider, "half", Reply.json(ok + "{\"status\":")),
					Arguments.of(provider, "empty", Reply.empty()),
					Arguments.of(provider, "no content", Reply.status(204)),
					Arguments.of(provider, "null", Reply.json("null")),
					Arguments.of(provider, "array", Reply.json("[]")),
					Arguments.of(provider, "number", Reply.json("3")),
					Arguments.of(provider, "text", Reply.json("\"3\"")),
					Arguments.of(provider, "true", Reply.json("true")),
					Arguments.of(provider, "object", Reply.json("{}")),
					Arguments.of(provider, "code alone", Reply.json(ok + "null}")),
					Arguments.of(provider, "no status", Reply.json(ok + "{}}")),
					Arguments.of(provider, "status null", Reply.json(ok + "{\"status\":null}}")),
					Arguments.of(provider, "status blank", Reply.json(ok + "{\"status\":\" \"}}")),
					Arguments.of(provider, "status object", Reply.json(ok + "{\"status\":{\"a\":[3]}}}")),
					Arguments.of(provider, "data array", Reply.json(ok + "[{\"status\":3}]}")),
					Arguments.of(provider, "data text", Reply.json(ok + "\"succeeded\"}")),
					Arguments.of(provider, "deep", Reply.nested(100_000)),
					Arguments.of(provider, "less deep", Reply.nested(990)),
					Arguments.of(provider, "long number", Reply.json("{\"code\":" + "9".repeat(100_000) + "}")),
					Arguments.of(provider, "not UTF-8", Reply.json("").body(new byte[] { '{', '"', (byte) 0xff, '"' })),
					Arguments.of(provider, "redirect", redirect(provider, 302)),
					Arguments.of(provider, "permanent redirect", redirect(provider, 308)),
					Arguments.of(provider, "unknown compression", Reply.json("{}").header("content-encoding", "br")),
					Arguments.of(provider, "false gzip", Reply.json("{}").header("content-encoding", "gzip")),
					Arguments.of(provider, "reset", Reply.reset()),
					Arguments.of(provider, "hang", Reply.hang(Duration.ofSeconds(3))),
					Arguments.of(provider, "late", done(provider).after(Duration.ofSeconds(3))),
					Arguments.of(provider, "5 MB", Reply.big(5_000_000)),
					Arguments.of(provider, "endless", Reply.endless()),
					Arguments.of(provider, "another job",
							Reply.json(DONE.get(provider)
								.replace('\'', '"')
								.replace("{\"status", "{\"_id\":\"other\",\"detect_task_id\":\"other\",\"status"))));
		});
	}

	private static Reply redirect(String provider, int status) {
		return Reply.status(status).header("location", standIn.baseUrl() + "/elsewhere/" + provider);
	}

	@Test
	void followsNoRedirect() {
		String id = newId("redirect");
		standIn.akool(id).replies(redirect("akool", 302), done("akool"));
		watch("akool", id);
		assertThat(standIn.requests()).noneMatch((request) -> request.path().startsWith("/elsewhere"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "akool", "crun" })
	void readsACompressedReply(String provider) throws IOException {
		String id = newId("gzip");
		standInJob(provider, id)
			.replies(done(provider).body(gzip(done(provider).body(), 1)).header("content-encoding", "gzip"));
		JsonNode job = watch(provider, id);
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(job.path("polls").asInt()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "akool", "crun" })
	void givesUpOnWhatUnpacksTo300Megabytes(String provider) throws IOException {
		String id = newId("bomb");
		Reply bomb = Reply.json("").body(gzip(new byte[1_000_000], 300)).header("content-encoding", "gzip");
		standInJob(provider, id).replies(bomb, bomb, bomb, done(provider));
		assertThat(watch(provider, id).path("status").asText()).isEqualTo("SUCCEEDED");
	}

	@Test
	void holdsManyHugeRepliesAtATime() {
		List<String> ids = Stream.generate(() -> newId("huge")).limit(32).toList();
		ids.forEach((id) -> standIn.crun(id).replies(Reply.endless(), Reply.endless(), done("crun")));
		ids.forEach((id) -> register("crun", id));
		assertThat(ids)
			.allSatisfy((id) -> assertThat(awaitEnd("crun", id).path("status").asText()).isEqualTo("SUCCEEDED"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "archived", "5", "-1", "succeed", "SUCCESS", "succeeded!", "3,4", "null" })
	void waitsAndWarnsOnceWhereAStatusIsUnknown(String status, CapturedOutput output) {
		for (String provider : OK.keySet()) {
			String id = newId("unknown");
			standInJob(provider, id)
				.replies(Reply.json(parse("{'code': " + OK.get(provider) + ", 'data': {'status': '" + status + "'}}")));
			register(provider, id);
			awaitPolls(provider, id, 4);
			assertThat(job(provider, id).at("/status").asText()).isEqualTo("WATCHING");
			assertThat(output.getOut().lines()).filteredOn((line) -> line.contains(id) && line.contains(status))
				.hasSize(1)
				.allMatch((line) -> line.contains("WARN"));
			standInJob(provider, id).replies(done(provider));
			assertThat(awaitEnd(provider, id).path("status").asText()).isEqualTo("SUCCEEDED");
		}
	}

	private static StandInJob standInJob(String provider, String id) {
		return provider.equals("akool") ? standIn.akool(id) : standIn.crun(id);
	}

	private static Reply done(String provider) {
		return Reply.json(parse(DONE.get(provider)));
	}

	private static byte[] gzip(byte[] bytes, int times) throws IOException {
		ByteArrayOutputStream zipped = new ByteArrayOutputStream();
		try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
			for (int i = 0; i < times; i++) {
				out.write(bytes);
			}
		}
		return zipped.toByteArray();
	}

}
