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

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Akool is sent, and what becomes of a result; what its words mean is in
 * ProviderContract.
 */
class AkoolTest extends RunningVedette {

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

	private static Reply ok(String data) {
		return Reply.json(parse("{'code': 1000, 'msg': 'OK', 'data': " + data + "}"));
	}

}
