package io.vedette.standin;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.imageio.ImageIO;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The stand-in says what the API pages say, word for word. */
class ProviderStandInTest {

	private static final String AKOOL = "/api/open/v4/headswap/analyze/detail?_id=";

	private static final String CRUN = "/api/v1/client/job/detect-face-result?detect_task_id=";

	private static final String MAGIC_HOUR = "/v1/face-detection/";

	private static final Instant ADDED = Instant.parse("2026-05-27T12:14:03Z");

	private final ObjectMapper json = new ObjectMapper();

	private final HttpClient client = HttpClient.newHttpClient();

	private final SettableClock clock = new SettableClock();

	private final ProviderStandIn standIn = new ProviderStandIn(0, this.clock);

	@AfterEach
	void close() {
		this.standIn.close();
	}

	@Test
	void crunSucceedsAsItsPageShows() throws Exception {
		this.standIn.crun("dit60yt8reqplt1c16")
			.detectId("m1oZzqYp9dN")
			.finishesAfter(Duration.ofSeconds(1))
			.withFacesAt("https://example.com/detected-face-0.jpg", "https://example.com/detected-face-1.jpg");
		this.clock.advance(Duration.ofSeconds(1));
		assertAnswer(crun("dit60yt8reqplt1c16"), 200, """
				{
				  "code": 200,
				  "message": "success",
				  "data": {
				    "detect_task_id": "dit60yt8reqplt1c16",
				    "result": {
				      "id": "m1oZzqYp9dN",
				      "status": "succeed",
				      "type": "face_detect",
				      "hair_id": null,
				      "faces": [
				        {
				          "id": 0,
				          "link": "https://example.com/detected-face-0.jpg"
				        },
				        {
				          "id": 1,
				          "link": "https://example.com/detected-face-1.jpg"
				        }
				      ],
				      "started_at": "2026-05-27 12:14:03",
				      "finished_at": "2026-05-27 12:14:04",
				      "error": null
				    },
				    "status": "succeeded",
				    "error": null
				  }
				}""");
	}

	@Test
	void crunPendsAsItsPageShows() throws Exception {
		this.standIn.crun("dit9ka6i5qoc519iv0").finishesAfter(Duration.ofSeconds(10));
		assertThat(read(crun("dit9ka6i5qoc519iv0")).at("/data/status").asText()).isEqualTo("starting");
		this.clock.advance(Duration.ofSeconds(9));
		assertAnswer(crun("dit9ka6i5qoc519iv0"), 200, """
				{
				  "code": 200,
				  "message": "success",
				  "data": {
				    "detect_task_id": "dit9ka6i5qoc519iv0",
				    "result": null,
				    "status": "processing",
				    "error": null
				  }
				}""");
	}

	@Test
	void crunFailsAsItsPageShows() throws Exception {
		this.standIn.crun("dit9ka6i5qoc519iv0").failing();
		assertAnswer(crun("dit9ka6i5qoc519iv0"), 200, """
				{
				  "code": 200,
				  "message": "success",
				  "data": {
				    "detect_task_id": "dit9ka6i5qoc519iv0",
				    "result": null,
				    "status": "failed",
				    "error": {
				      "code": "FaceSwap.Detect.Failed",
				      "message": "[任务NDm40D2DQp6] 未检测到人脸,源文件未检测到人脸"
				    }
				  }
				}""");
	}

	@Test
	void crunFailsWhereThereIsNobody() throws Exception {
		this.standIn.crun("nobody").withoutFaces();
		assertThat(read(crun("nobody")).at("/data/error/code").asText()).isEqualTo("FaceSwap.Detect.Failed");
	}

	@Test
	void crunRejectsWithTheStatusItNamesInTheBody() throws Exception {
		assertAnswer(get(CRUN + "x"), 401, "{\"code\":401,\"message\":\"Unauthorized\",\"data\":null}");
		assertAnswer(get(CRUN + "x", "x-api-key", "wrong"), 401,
				"{\"code\":401,\"message\":\"Unauthorized\",\"data\":null}");
		assertAnswer(crun("unknown"), 404, "{\"code\":404,\"message\":\"Not Found\",\"data\":null}");
		assertAnswer(crun(""), 422, "{\"code\":422,\"message\":\"Validation Error\",\"data\":null}");
	}

	@Test
	void akoolPendsWithRisingProgress() throws Exception {
		this.standIn.akool("6a06").finishesAfter(Duration.ofSeconds(100));
		assertAnswer(akool("6a06"), 200, akool(1, 0, "null", "", 0));
		this.clock.advance(Duration.ofSeconds(42));
		assertAnswer(akool("6a06"), 200, akool(2, 42, "null", "", 0));
	}

	@Test
	void akoolCompletes() throws Exception {
		this.standIn.akool("6a06").finishesAfter(Duration.ofSeconds(8)).withFaces(2);
		this.clock.advance(Duration.ofSeconds(8));
		assertAnswer(akool("6a06"), 200, akool(3, 100, """
				{
				  "detected_objects": 2,
				  "media": [
				    {"obj_id": 0, "img_url": "%1$s/pictures/akool/6a06/0.png", "media_type": "images"},
				    {"obj_id": 1, "img_url": "%1$s/pictures/akool/6a06/1.png", "media_type": "images"}
				  ],
				  "video_info": {"width": 1280, "height": 720, "fps": 25, "frame_count": 250}
				}""".formatted(this.standIn.baseUrl()), "", 0));
	}

	@Test
	void akoolCompletesWithoutFaces() throws Exception {
		this.standIn.akool("6a06").withoutFaces();
		assertThat(read(akool("6a06")).at("/data/status").asInt()).isEqualTo(3);
		assertThat(read(akool("6a06")).at("/data/analysis_result/media")).isEmpty();
	}

	@Test
	void akoolFails() throws Exception {
		this.standIn.akool("6a06").failing("Video processing error", 1015);
		assertAnswer(akool("6a06"), 200, akool(4, 99, "null", "Video processing error", 1015));
	}

	@Test
	void akoolRejectsInsideStatus200() throws Exception {
		String illegalToken = "{\"code\":1101,\"msg\":\"Illegal token\"}";
		assertAnswer(get(AKOOL + "x"), 200, illegalToken);
		assertAnswer(get(AKOOL + "x", "x-api-key", "wrong"), 200, illegalToken);
		assertAnswer(get(AKOOL + "x", "Authorization", this.standIn.key("akool")), 200, illegalToken);
		assertAnswer(akool("unknown"), 200, "{\"code\":1014,\"msg\":\"Resource not found\"}");
		assertThat(this.standIn.faults()).isEmpty();
	}

	@Test
	void akoolTakesKeyOrTokenButNotBoth() throws Exception {
		this.standIn.accepts("akool", "k").akool("6a06").withFaces(1);
		assertThat(read(get(AKOOL + "6a06", "x-api-key", "k")).path("code").asInt()).isEqualTo(1000);
		assertThat(read(get(AKOOL + "6a06", "Authorization", "Bearer k")).path("code").asInt()).isEqualTo(1000);
		assertThat(read(get(AKOOL + "6a06", "Authorization", "Bearer k", "x-api-key", "k")).path("code").asInt())
			.isEqualTo(1101);
		assertThat(this.standIn.faults()).singleElement().asString().contains("both x-api-key and Authorization");
	}

	@Test
	void magicHourShowsFacesBeforeItIsComplete() throws Exception {
		this.standIn.magicHour("a/b").finishesAfter(Duration.ofSeconds(10)).withFaces(2);
		this.clock.advance(Duration.ofSeconds(5));
		String pending = """
				{"id": "a/b", "status": "rendering", "credits_charged": 1, "error": null, "faces": [
				  {"path": "api-assets/id/0.png", "url": "%s/pictures/magic-hour/a%%2Fb/0.png"}
				]}""".formatted(this.standIn.baseUrl());
		String[] key = { "Authorization", "Bearer " + this.standIn.key("magic-hour") };
		assertAnswer(get(MAGIC_HOUR + "a%2Fb", key), 200, pending);
		this.clock.advance(Duration.ofSeconds(5));
		assertThat(read(get(MAGIC_HOUR + "a%2Fb", key)).path("status").asText()).isEqualTo("complete");
		assertThat(read(get(MAGIC_HOUR + "a%2Fb", key)).path("faces")).hasSize(2);
		assertAnswer(get(MAGIC_HOUR + "a%2Fb"), 401, "{\"message\":\"Unauthorized\"}");
		assertAnswer(get(MAGIC_HOUR + "unknown", key), 404, "{\"message\":\"Not Found\"}");
	}

	@Test
	void hostsADifferentPictureForEveryFace() throws Exception {
		Set<Integer> seen = IntStream.range(0, 12)
			.mapToObj((number) -> picture("/pictures/akool/6a06/" + number + ".png", "image/png"))
			.collect(Collectors.toSet());
		assertThat(seen).hasSize(12);
		picture("/pictures/crun/a%2Fb/0.jpg", "image/jpeg");
		assertThat(this.standIn.faults()).isEmpty();
	}

	@Test
	void noticesAKeyShownToTheHostOfPictures() throws Exception {
		get("/pictures/crun/x/0.jpg", "x-api-key", "k");
		assertThat(this.standIn.faults()).singleElement().asString().contains("/pictures/crun/x/0.jpg");
	}

	@Test
	void recordsEveryPoll() throws Exception {
		this.standIn.crun("a b+ü").failing();
		assertThat(read(crun("a%20b%2B%C3%BC")).at("/data/detect_task_id").asText()).isEqualTo("a b+ü");
		this.clock.advance(Duration.ofSeconds(3));
		crun("a+b%2B%C3%BC");
		akool("unknown");
		List<Request> polls = this.standIn.polls("crun", "a b+ü");
		assertThat(polls).extracting(Request::time).containsExactly(ADDED, ADDED.plusSeconds(3));
		assertThat(polls.get(0).query()).isEqualTo("detect_task_id=a%20b%2B%C3%BC");
		assertThat(polls.get(0).header("X-Api-Key")).isEqualTo(this.standIn.key("crun"));
		assertThat(this.standIn.polls("akool", "unknown")).hasSize(1);
		assertThat(this.standIn.pollCount()).isEqualTo(3);
		assertThat(this.standIn.requests()).hasSize(3);
	}

	@Test
	void knowsAutoJobsFromTheirFirstPoll() throws Exception {
		this.standIn.autoJobs("auto");
		this.clock.advance(Duration.ofDays(1));
		assertThat(read(crun("auto-1500-4-x")).at("/data/status").asText()).isEqualTo("starting");
		this.clock.advance(Duration.ofMillis(1500));
		assertThat(read(crun("auto-1500-4-x")).at("/data/result/faces")).hasSize(4);
		assertThat(crun("auto-x").statusCode()).isEqualTo(404);
	}

	@Test
	void followsAScriptOfReplies() throws Exception {
		this.standIn.crun("x").replies(Reply.status(429).header("Retry-After", "2"), Reply.html("<p>busy"));
		HttpResponse<byte[]> throttled = crun("x");
		assertThat(throttled.statusCode()).isEqualTo(429);
		assertThat(throttled.headers().firstValue("retry-after")).contains("2");
		assertThat(crun("x").body()).asString().isEqualTo("<p>busy");
		assertThat(crun("x").body()).asString().isEqualTo("<p>busy");
	}

	@Test
	void repliesWithFaults() throws Exception {
		this.standIn.crun("x").replies(Reply.empty(), Reply.nested(2), Reply.big(1000), Reply.truncated());
		assertThat(crun("x").body()).isEmpty();
		assertThat(crun("x").body()).asString().isEqualTo("{\"data\":{\"data\":null}}");
		assertThat(crun("x").body()).hasSize(1000);
		assertThatIOException().isThrownBy(() -> crun("x"));
	}

	@Test
	void closesTheConnectionWithoutAnAnswer() {
		this.standIn.crun("x").replies(Reply.reset());
		this.standIn.crun("y").replies(Reply.hang(Duration.ofMillis(20)));
		assertThatIOException().isThrownBy(() -> crun("x"));
		assertThatIOException().isThrownBy(() -> crun("y"));
	}

	@Test
	void streamsUntilTheClientGivesUp() throws Exception {
		this.standIn.override((request) -> Reply.endless());
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.standIn.baseUrl())).build();
		try (var body = this.client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
			assertThat(body.readNBytes(1_000_000)).hasSize(1_000_000);
		}
	}

	@Test
	void keepsSilentUntilTheClientTimesOut() {
		this.standIn.override((request) -> Reply.hang(Duration.ofMinutes(5)));
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.standIn.baseUrl()))
			.timeout(Duration.ofMillis(100))
			.build();
		assertThatThrownBy(() -> this.client.send(request, HttpResponse.BodyHandlers.discarding()))
			.isInstanceOf(HttpTimeoutException.class);
	}

	private void assertAnswer(HttpResponse<byte[]> response, int status, String body) throws IOException {
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(read(response)).isEqualTo(this.json.readTree(body));
	}

	private JsonNode read(HttpResponse<byte[]> response) throws IOException {
		return this.json.readTree(response.body());
	}

	private HttpResponse<byte[]> akool(String encodedId) throws Exception {
		return get(AKOOL + encodedId, "x-api-key", this.standIn.key("akool"));
	}

	private HttpResponse<byte[]> crun(String encodedId) throws Exception {
		return get(CRUN + encodedId, "x-api-key", this.standIn.key("crun"));
	}

	private HttpResponse<byte[]> get(String pathAndQuery, String... headers) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.standIn.baseUrl() + pathAndQuery));
		if (headers.length > 0) {
			request.headers(headers);
		}
		return this.client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
	}

	/** Checks the picture, and returns a number that tells its pixels apart. */
	private int picture(String path, String contentType) {
		try {
			HttpResponse<byte[]> response = get(path);
			assertThat(response.headers().firstValue("content-type")).contains(contentType);
			BufferedImage image = ImageIO.read(new ByteArrayInputStream(response.body()));
			return Arrays.hashCode(image.getRGB(0, 0, 96, 96, null, 0, 96));
		}
		catch (Exception ex) {
			throw new AssertionError(path, ex);
		}
	}

	private static String akool(int status, int progress, String result, String reason, int code) {
		return """
				{
				  "code": 1000,
				  "msg": "OK",
				  "data": {
				    "_id": "6a06",
				    "create_time": 1779884043000,
				    "uid": 101400,
				    "team_id": "6805fb69e92d9edc7ca0b409",
				    "video_url": "https://example.com/videos/source.mp4",
				    "type": "head",
				    "status": %d,
				    "task_id": "",
				    "progress": %d,
				    "analysis_result": %s,
				    "error_reason": "%s",
				    "error_code": %d
				  }
				}""".formatted(status, progress, result, reason, code);
	}

	private static final class SettableClock extends Clock {

		private volatile Instant now = ADDED;

		void advance(Duration time) {
			this.now = this.now.plus(time);
		}

		@Override
		public Instant instant() {
			return this.now;
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			throw new UnsupportedOperationException();
		}

	}

}
