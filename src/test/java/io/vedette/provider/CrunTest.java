package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import io.vedette.standin.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What crun.ai is sent, and what becomes of a result; what its words mean is in
 * ProviderContract.
 */
class CrunTest extends RunningVedette {

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
						 'dataschema': 'vedette:/schemas/vedette.face.detected.json',
						 'data': {'provider': 'crun', 'jobId': '%1$s', 'faceId': '7', 'index': 1, 'total': 2,
						  'imageUrl': 'https://203.0.113.9/7.jpg', 'mediaType': null, 'mediaUrl': 'https://a.example/s.png',
						  'reference': 'o-42', 'expiresAt': '%3$s', 'details': {'detectId': 'm1oZzqYp9dN'}}}"""
					.formatted(id, time, expiresAt)));
		assertThat(events.get(0).at("/data/faceId").textValue()).isEqualTo("0");
		assertThat(events.get(2)).isEqualTo(
				parse("""
						{'specversion': '1.0', 'type': 'vedette.job.succeeded', 'source': '/providers/crun', 'subject': '%1$s',
						 'id': 'crun:%1$s:job', 'time': '%2$s', 'datacontenttype': 'application/json',
						 'dataschema': 'vedette:/schemas/vedette.job.succeeded.json',
						 'data': {'provider': 'crun', 'jobId': '%1$s', 'mediaUrl': 'https://a.example/s.png', 'reference': 'o-42',
						  'faces': 2, 'expiresAt': '%3$s', 'details': {'detectId': 'm1oZzqYp9dN'}}}"""
					.formatted(id, time, expiresAt)));
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

	private static Reply ok(String data) {
		return Reply.json(parse("{'code': 200, 'message': 'success', 'data': " + data + "}"));
	}

}
