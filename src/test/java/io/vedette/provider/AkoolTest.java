package io.vedette.provider;

import java.net.http.HttpRequest;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import io.vedette.standin.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class AkoolTest extends RunningVedette {

	private static final String DONE = "{'status': 3, 'analysis_result': {'media': [{'obj_id': 0}]}}";

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			../../x                  | ..%2F..%2Fx
			..                       | %2E%2E
			.                        | %2E
			a?b=c#d                  | a%3Fb%3Dc%23d
			%2F                      | %252F
			a+b                      | a%2Bb
			a  b                     | a%20%20b
			a&_id=b                  | a%26_id%3Db
			a;b/c\\d                 | a%3Bb%2Fc%5Cd
			http://b.example/?x      | http%3A%2F%2Fb.example%2F%3Fx
			RAW(x)                   | RAW%28x%29
			{{vedette.data}}         | %7B%7Bvedette.data%7D%7D
			${sys.user.home}         | %24%7Bsys.user.home%7D
			größe-人脸               | gr%C3%B6%C3%9Fe-%E4%BA%BA%E8%84%B8
			\uD83D\uDE00'"<b>        | %F0%9F%98%80%27%22%3Cb%3E
			""")
	void asksForTheVeryJob(String id, String encoded) {
		standIn.akool(id).withFaces(1);
		register("akool", id);
		awaitPolls("akool", id, 1);
		Request poll = standIn.polls("akool", id).get(0);
		assertThat(poll.method()).isEqualTo("GET");
		assertThat(poll.path()).isEqualTo("/api/open/v4/headswap/analyze/detail");
		assertThat(poll.query()).isEqualTo("_id=" + encoded);
		assertThat(poll.body()).isEmpty();
		patiently().untilAsserted(() -> assertThat(events("akool", id)).extracting((event) -> event.path("id").asText())
			.containsExactly("akool:" + id + ":face:0", "akool:" + id + ":job"));
	}

	@Test
	void sendsItsKeyAndNothingElseOfItsOwn() {
		String id = newId("headers");
		standIn.akool(id).withFaces(1);
		send(request("/jobs").header("content-type", "application/json")
			.header("authorization", "Bearer of-the-caller")
			.header("x-api-key", "of-the-caller")
			.header("x-trace", "of-the-caller")
			.POST(HttpRequest.BodyPublishers.ofString("{\"provider\":\"akool\",\"jobId\":\"" + id + "\"}")));
		awaitEnd("akool", id);
		assertThat(standIn.polls("akool", id)).allSatisfy((poll) -> {
			assertThat(poll.header("x-api-key")).isEqualTo(standIn.key("akool"));
			assertThat(poll.headers()).containsOnlyKeys("host", "connection", "user-agent", "accept-encoding",
					"x-api-key");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{'status': 1, 'progress': 0, 'analysis_result': null}                | 0
			{'status': 2, 'progress': 42}                                        | 42
			{'status': '1', 'progress': '30%', 'analysis_result': {}}            | 30
			{'status': ' 2 ', 'progress': 99.6}                                  | 100
			{'status': 2, 'progress': -7}                                        | 0
			{'status': 2, 'progress': null}                                      |
			{'status': 2}                                                        |
			{'status': 2, 'progress': 'soon'}                                    |
			{'status': 2, 'progress': 50, 'error_reason': 'still at it', 'error_code': 7} | 50
			{'status': 2, 'analysis_result': {'media': [{'obj_id': 0}]}}         |
			""")
	void watchesOnWhileTheJobIsNotFinished(String data, Integer progress) {
		String id = newId("pending");
		standIn.akool(id).replies(ok(data));
		register("akool", id);
		awaitPolls("akool", id, 3);
		JsonNode job = job("akool", id);
		assertThat(job.path("status").asText()).isEqualTo("WATCHING");
		assertThat(job.path("progress")).isEqualTo(parse(String.valueOf(progress)));
		assertThat(events("akool", id)).isEmpty();
		standIn.akool(id).replies(ok(DONE));
		assertThat(awaitEnd("akool", id).path("status").asText()).isEqualTo("SUCCEEDED");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					{'status': 3, 'analysis_result': {'media': [{'obj_id': 0}, {'obj_id': 1}]}}            | 2
					{'status': '3', 'analysis_result': {'media': [{'obj_id': 0}]}}                         | 1
					{'status': ' 3 ', 'progress': 7, 'analysis_result': {'media': [{'obj_id': 0}]}}        | 1
					{'status': 3, 'analysis_result': {'media': [{'obj_id': 0}], 'detected_objects': 9}}    | 1
					{'status': 3, 'analysis_result': {'media': [{'obj_id': 0, 'new': {}}], 'new': [1]}, 'new': 1} | 1
					{'status': 3, 'error_reason': 'analysis finished', 'error_code': 1015, 'analysis_result': {'media': [{}]}} | 1
					{'status': 3, 'analysis_result': {'media': []}}                                        | 0
					{'status': 3, 'analysis_result': {'media': null}}                                      | 0
					{'status': 3, 'analysis_result': {}}                                                   | 0
					{'status': 3, 'analysis_result': null}                                                 | 0
					{'status': 3, 'analysis_result': 'none'}                                               | 0
					{'status': 3}                                                                          | 0
					""")
	void succeedsWithTheFacesThatAreThere(String data, int faces) {
		String id = newId("done");
		standIn.akool(id).replies(ok(data));
		JsonNode job = watch("akool", id);
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(job.path("faces")).hasSize(faces);
		List<JsonNode> events = events("akool", id);
		assertThat(events).hasSize(faces + 1);
		assertThat(events.get(faces).path("type").asText()).isEqualTo("vedette.job.succeeded");
		assertThat(events.get(faces).at("/data/faces").asInt(-1)).isEqualTo(faces);
	}

	@Test
	void tellsWhatTheNextCallNeeds() {
		String id = newId("video");
		standIn.akool(id).replies(ok("""
				{'status': 3, 'analysis_result': {
				  'media': [{'obj_id': 4, 'img_url': 'https://203.0.113.9/4.png', 'media_type': 'images'}],
				  'video_info': {'width': 1280, 'height': 720, 'fps': 29.97, 'frame_count': 250}}}"""));
		watch("akool", id);
		JsonNode face = events("akool", id).get(0).path("data");
		assertThat(face.path("faceId").asText()).isEqualTo("4");
		assertThat(face.path("index").asInt()).isZero();
		assertThat(face.path("imageUrl").asText()).isEqualTo("https://203.0.113.9/4.png");
		assertThat(face.path("mediaType").asText()).isEqualTo("images");
		assertThat(face.path("details"))
			.isEqualTo(parse("{'video': {'width': 1280, 'height': 720, 'fps': 29.97, 'frameCount': 250}}"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "null", textBlock = """
			{'status': 4, 'error_reason': 'Video processing error', 'error_code': 1015} | 1015 | Video processing error
			{'status': '4', 'error_reason': '', 'error_code': 0}                        | 0    | ``
			{'status': ' 4 '}                                                           | null | null
			{'status': 4, 'error_code': 'E7', 'analysis_result': {'media': [{}]}}       | E7   | null
			""")
	void failsWithTheProvidersOwnReason(String data, String code, String message) {
		assertFails(ok(data), code, message);
	}

	@ParameterizedTest
	@ValueSource(
			ints = { 1003, 1007, 1009, 1010, 1011, 1013, 1015, 1016, 1017, 1105, 1108, 1110, 1111, 1112, 1201, 1206 })
	void failsOnceTheRequestIsRejectedForGood(int code) {
		assertFails(envelope(code, "rejected: " + code), Integer.toString(code), "rejected: " + code);
	}

	private void assertFails(Reply reply, String code, String message) {
		String id = newId("failed");
		standIn.akool(id).replies(reply);
		JsonNode job = watch("akool", id);
		assertThat(job.path("status").asText()).isEqualTo("FAILED");
		assertThat(job.path("reason").path("code").textValue()).isEqualTo(code);
		assertThat(job.path("reason").path("message").textValue()).isEqualTo(message);
		assertThat(events("akool", id)).singleElement().satisfies((event) -> {
			assertThat(event.path("type").asText()).isEqualTo("vedette.job.failed");
			assertThat(event.at("/data/reason/code").textValue()).isEqualTo(code);
			assertThat(event.at("/data/reason/message").textValue()).isEqualTo(message);
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { 1005, 1001, 999, 0, -1, 2001, 500, 503 })
	void asksAgainAfterACodeThatIsNoVerdict(int code) {
		goesOnAfter(envelope(code, "not now"));
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 429, 500, 502, 503, 504 })
	void asksAgainAfterAnHttpStatusThatIsNoVerdict(int status) {
		goesOnAfter(Reply.status(status));
		goesOnAfter(Reply.html("<h1>busy</h1>").withStatus(status));
		goesOnAfter(ok(DONE).withStatus(status));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1008, 1014 })
	void takesNotFoundForNotYet(int code) {
		goesOnAfter(envelope(code, "Resource not found"));
	}

	@Test
	void takesHttp404ForNotYet() {
		goesOnAfter(Reply.html("<h1>Not Found</h1>").withStatus(404));
	}

	private void goesOnAfter(Reply reply) {
		String id = newId("later");
		standIn.akool(id).replies(reply, reply, ok(DONE));
		JsonNode job = watch("akool", id);
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(job.path("polls").asInt()).isEqualTo(3);
	}

	private static Reply ok(String data) {
		return Reply.json(parse("{'code': 1000, 'msg': 'OK', 'data': " + data + "}"));
	}

	private static Reply envelope(int code, String message) {
		return Reply.json(parse("{'code': " + code + ", 'msg': '" + message + "'}"));
	}

}
