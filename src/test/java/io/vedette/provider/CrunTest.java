package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import io.vedette.standin.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CrunTest extends RunningVedette {

	private static final String DONE = "{'status': 'succeeded', 'result': {'id': 'm1', 'faces': [{'id': 0}]}}";

	private static final String NOBODY = "[任务NDm40D2DQp6] 未检测到人脸,源文件未检测到人脸";

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			../../y        | ..%2F..%2Fy
			y&x=1#z        | y%26x%3D1%23z
			100%           | 100%25
			人脸 +\uD83D\uDE00 | %E4%BA%BA%E8%84%B8%20%2B%F0%9F%98%80
			""")
	void asksForTheVeryJobWithItsKey(String id, String encoded) {
		standIn.crun(id).withFaces(1);
		assertThat(watch("crun", id).path("status").asText()).isEqualTo("SUCCEEDED");
		Request poll = standIn.polls("crun", id).get(0);
		assertThat(poll.method()).isEqualTo("GET");
		assertThat(poll.path()).isEqualTo("/api/v1/client/job/detect-face-result");
		assertThat(poll.query()).isEqualTo("detect_task_id=" + encoded);
		assertThat(poll.header("x-api-key")).isEqualTo(standIn.key("crun"));
		assertThat(poll.headers()).containsOnlyKeys("host", "connection", "user-agent", "accept-encoding", "x-api-key");
	}

	@ParameterizedTest
	@ValueSource(strings = { "starting", "processing", "STARTING", " Processing ", "processing\n" })
	void watchesOnWhileTheJobIsNotFinished(String status) {
		goesOnAfter(ok(parse("{'result': null, 'error': null}"), status));
	}

	@ParameterizedTest
	@ValueSource(strings = { "succeeded", "SUCCEEDED", " Succeeded ", "\tsucceeded\n" })
	void succeedsHoweverTheStatusIsWritten(String status) {
		String id = newId("done");
		standIn.crun(id).replies(ok(parse(DONE), status));
		assertThat(watch("crun", id).path("status").asText()).isEqualTo("SUCCEEDED");
	}

	@ParameterizedTest
	@ValueSource(strings = { "failed", "FAILED", " Failed " })
	void failsHoweverTheStatusIsWritten(String status) {
		String id = newId("failed");
		standIn.crun(id).replies(ok(parse("{'result': null}"), status));
		assertThat(watch("crun", id).path("status").asText()).isEqualTo("FAILED");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{'status': 'processing', 'result': {'status': 'succeed', 'faces': [{'id': 0}]}} | false
			{'status': 'processing', 'result': {'status': 'failed', 'error': 'x'}}          | false
			{'status': 'succeeded', 'result': {'status': 'processing', 'faces': []}}        | true
			{'status': 'succeeded', 'result': {'status': 'failed', 'error': {'code': 1}}}   | true
			""")
	void ignoresTheStatusOfTheResult(String data, boolean succeeded) {
		String id = newId("inner");
		standIn.crun(id).replies(ok(data));
		register("crun", id);
		awaitPolls("crun", id, succeeded ? 1 : 3);
		if (!succeeded) {
			assertThat(job("crun", id).path("status").asText()).isEqualTo("WATCHING");
			standIn.crun(id).replies(ok(DONE));
		}
		assertThat(awaitEnd("crun", id).path("status").asText()).isEqualTo("SUCCEEDED");
	}

	@Test
	void writesTheEventsOfTheContract() {
		String id = newId("event");
		standIn.crun(id)
			.replies(
					ok("""
							{'status': 'succeeded', 'result': {'id': 'm1oZzqYp9dN', 'faces': [
							  {'id': 0, 'link': 'https://203.0.113.9/0.jpg'}, {'id': 7, 'link': 'https://203.0.113.9/7.jpg'}]}}"""));
		register(parse("{'provider': 'crun', 'jobId': '%s', 'mediaUrl': 'https://a.example/s.png', 'reference': 'o-42'}"
			.formatted(id)));
		awaitEnd("crun", id);
		List<JsonNode> events = events("crun", id);
		String time = events.get(0).path("time").asText();
		String expiresAt = Instant.parse(time).plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS).toString();
		assertThat(events.get(1)).isEqualTo(
				parse("""
						{'specversion': '1.0', 'type': 'vedette.face.detected', 'source': '/providers/crun', 'subject': '%1$s/7',
						 'id': 'crun:%1$s:face:7', 'time': '%2$s', 'datacontenttype': 'application/json',
						 'data': {'provider': 'crun', 'jobId': '%1$s', 'faceId': '7', 'index': 1, 'total': 2,
						  'imageUrl': 'https://203.0.113.9/7.jpg', 'mediaType': null, 'mediaUrl': 'https://a.example/s.png',
						  'reference': 'o-42', 'expiresAt': '%3$s', 'details': {'detectId': 'm1oZzqYp9dN'}}}"""
					.formatted(id, time, expiresAt)));
		assertThat(events.get(0).at("/data/faceId").textValue()).isEqualTo("0");
		assertThat(events.get(2)).isEqualTo(
				parse("""
						{'specversion': '1.0', 'type': 'vedette.job.succeeded', 'source': '/providers/crun', 'subject': '%1$s',
						 'id': 'crun:%1$s:job', 'time': '%2$s', 'datacontenttype': 'application/json',
						 'data': {'provider': 'crun', 'jobId': '%1$s', 'mediaUrl': 'https://a.example/s.png', 'reference': 'o-42',
						  'faces': 2, 'expiresAt': '%3$s', 'details': {'detectId': 'm1oZzqYp9dN'}}}"""
					.formatted(id, time, expiresAt)));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{'status': 'succeeded', 'result': {'id': 7, 'faces': [{'id': 0}]}}   | 1
			{'status': 'succeeded', 'result': {'id': null, 'faces': []}}         | 0
			{'status': 'succeeded', 'result': {'faces': null}}                   | 0
			{'status': 'succeeded', 'result': {}}                                | 0
			{'status': 'succeeded', 'result': null}                              | 0
			{'status': 'succeeded'}                                              | 0
			{'status': 'succeeded', 'error': {'code': 'x'}, 'result': {'faces': [{'id': 0}]}} | 1
			""")
	void succeedsWithTheFacesThatAreThere(String data, int faces) {
		String id = newId("shape");
		standIn.crun(id).replies(ok(data));
		JsonNode job = watch("crun", id);
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(job.path("faces")).hasSize(faces);
	}

	@Test
	void failsWithOneEventWhereNobodyIsInThePicture() {
		String id = newId("nobody");
		standIn.crun(id).withoutFaces();
		JsonNode job = watch("crun", id);
		assertThat(job.path("status").asText()).isEqualTo("FAILED");
		assertThat(job.path("faces")).isEmpty();
		assertThat(job.path("reason"))
			.isEqualTo(parse("{'code': 'FaceSwap.Detect.Failed', 'message': '" + NOBODY + "'}"));
		assertThat(events("crun", id)).singleElement().satisfies((event) -> {
			assertThat(event.path("type").asText()).isEqualTo("vedette.job.failed");
			assertThat(event.at("/data/reason")).isEqualTo(job.path("reason"));
		});
		assertThat(this.data.resolve("out/crun").resolve(id).resolve("job.json")).content().contains(NOBODY);
	}

	@ParameterizedTest
	@ValueSource(ints = { 404, 429, 455, 500, 502, 999 })
	void asksAgainAfterACodeThatIsNoVerdict(int code) {
		goesOnAfter(envelope(200, code));
		if (code < 600) {
			goesOnAfter(envelope(code, code));
			goesOnAfter(Reply.html("<h1>busy</h1>").withStatus(code));
			goesOnAfter(ok(DONE).withStatus(code));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 422, 501 })
	void failsOnceTheRequestIsRejectedForGood(int code) {
		for (int status : List.of(200, code)) {
			String id = newId("rejected");
			standIn.crun(id).replies(envelope(status, code));
			JsonNode job = watch("crun", id);
			assertThat(job.path("status").asText()).isEqualTo("FAILED");
			assertThat(job.path("reason")).isEqualTo(parse("{'code': '" + code + "', 'message': 'no'}"));
		}
	}

	private void goesOnAfter(Reply reply) {
		String id = newId("later");
		standIn.crun(id).replies(reply, reply, ok(DONE));
		JsonNode job = watch("crun", id);
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(job.path("polls").asInt()).isEqualTo(3);
	}

	private static Reply ok(JsonNode data, String status) {
		return ok(((ObjectNode) data).put("status", status).toString());
	}

	private static Reply ok(String data) {
		return Reply.json(parse("{'code': 200, 'message': 'success', 'data': " + data + "}"));
	}

	private static Reply envelope(int status, int code) {
		return Reply.json(status, parse("{'code': " + code + ", 'message': 'no', 'data': null}"));
	}

}
