package io.vedette.delivery;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

import javax.imageio.ImageIO;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.LiveDirectory;
import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import io.vedette.standin.Request;
import io.vedette.standin.WebhookStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class FilesTargetTest extends RunningVedette {

	/** Where the pictures are: not at the provider, as in real life. */
	private static final WebhookStandIn pictures = new WebhookStandIn();

	private static final byte[] PNG = picture("png");

	@Autowired
	private Attempts attempts;

	@Autowired
	private JdbcClient jdbc;

	@AfterAll
	static void close() {
		pictures.close();
	}

	@AfterEach
	void neverShowsAKeyToThePictureHost() {
		assertThat(pictures.requests()).allSatisfy(
				(request) -> assertThat(request.headers()).doesNotContainKeys("x-api-key", "authorization", "cookie"))
			.allSatisfy((request) -> assertThat(request.toString()).doesNotContain(standIn.key("akool")));
	}

	@Test
	void writesEventsAndPicturesAndNothingElse() {
		String id = newId("tree");
		standIn.crun(id).withFaces(2);
		watch("crun", id);
		assertThat(tree("crun", id)).containsExactly("face-0.jpg", "face-0.json", "face-1.jpg", "face-1.json",
				"job.json");
		assertThat(events("crun", id)).extracting((event) -> event.path("id").asText())
			.containsExactly("crun:" + id + ":face:0", "crun:" + id + ":face:1", "crun:" + id + ":job");
	}

	@RepeatedTest(5)
	void forgetsAJobWhoseFilesAreBeingWritten() {
		String id = newId("forgotten");
		standIn.crun(id).withFaces(200);
		register("crun", id);
		Path directory = this.data.resolve("out/crun/" + id);
		await().pollInterval(Duration.ofMillis(5)).until(() -> Files.exists(directory.resolve("face-5.json")));

		assertThat(delete("/jobs/crun/" + id).statusCode()).isEqualTo(204);

		String next = newId("next");
		standIn.crun(next).withFaces(1);
		watch("crun", next);
		patiently().untilAsserted(() -> assertThat(directory).doesNotExist());
	}

	@ParameterizedTest
	@CsvSource({ "png,image/png,png", "png,image/jpeg,png", "png,application/octet-stream,png", "png,text/html,png",
			"jpg,image/png,jpg", "gif,image/jpeg,gif", "bmp,image/png,bmp" })
	void namesAPictureAfterWhatItIs(String format, String contentType, String extension) throws IOException {
		byte[] picture = picture(format);
		Face face = save("/face.jpg", Reply.status(200).header("content-type", contentType).body(picture));
		assertThat(face.note()).isNull();
		assertThat(face.files()).containsExactlyInAnyOrder("face-0.json", "face-0." + extension, "job.json")
			.satisfies((files) -> assertThat(Files.readAllBytes(face.directory().resolve("face-0." + extension)))
				.isEqualTo(picture));
	}

	@Test
	void knowsAWebpPicture() {
		Face face = save("/face", Reply.status(200).text("RIFF\u0024\0\0\0WEBPVP8 \u0018\0\0\0"));
		assertThat(face.files()).contains("face-0.webp");
	}

	@Test
	void deliversTheEventsWithoutPicturesThatAreGone() {
		List<Integer> statuses = List.of(404, 403, 410, 304);
		String id = newId("gone");
		JsonNode job = watch(id, statuses.size(), (face, times) -> Reply.status(statuses.get(face))
			.header("location", pictures.baseUrl() + "/elsewhere.png"));
		assertThat(tree("akool", id)).containsExactly("face-0.json", "face-1.json", "face-2.json", "face-3.json",
				"job.json");
		assertThat(faceDeliveries(job, 4)).allSatisfy(FilesTargetTest::assertDelivered)
			.extracting((delivery) -> delivery.path("reason").asText())
			.containsExactly("picture: HTTP 404", "picture: HTTP 403", "picture: HTTP 410", "picture: HTTP 304");
		assertThat(pictures.requests()).extracting(Request::path).doesNotContain("/elsewhere.png");
	}

	@Test
	void savesNoPageAsAPicture() {
		List<Reply> pages = List.of(Reply.html("<html>Your link has expired</html>"),
				Reply.status(200).header("content-type", "image/png"), Reply.json("{\"error\":\"expired\"}"));
		String id = newId("page");
		JsonNode job = watch(id, pages.size(), (face, times) -> pages.get(face));
		assertThat(tree("akool", id)).containsExactly("face-0.json", "face-1.json", "face-2.json", "job.json");
		assertThat(faceDeliveries(job, 3)).allSatisfy(FilesTargetTest::assertDelivered)
			.extracting((delivery) -> delivery.path("reason").asText())
			.allSatisfy((reason) -> assertThat(reason).startsWith("picture: ").contains("leads to"));
	}

	@Test
	void savesNoPictureOfAnySize() {
		Face face = save("/face.png", Reply.status(200).body(Arrays.copyOf(PNG, 33 * 1024 * 1024)));
		assertNoted(face, "longer than 32MB");
	}

	static List<Reply> lateReplies() {
		return List.of(Reply.status(503), Reply.hang(Duration.ofMillis(50)), Reply.status(200).body(PNG).cut());
	}

	@ParameterizedTest
	@MethodSource("lateReplies")
	void triesAgainUntilThePictureIsThere(Reply late) {
		String id = newId("late");
		pictures.answers(late, Reply.status(200).body(PNG));
		standIn.akool(id).withFacesAt(pictures.baseUrl() + "/" + id + ".png");
		JsonNode delivery = faceDelivery(watch("akool", id));
		assertThat(delivery.path("status").asText()).isEqualTo("DELIVERED");
		assertThat(delivery.path("attempts").asInt()).isEqualTo(2);
		assertThat(delivery.path("reason").isNull()).isTrue();
		assertThat(tree("akool", id)).containsExactly("face-0.json", "face-0.png", "job.json");
		assertThat(events("akool", id)).hasSize(2);
	}

	@Test
	void asksAgainForPicturesThatAreNotThereYet() throws IOException {
		List<Reply> notYet = List.of(Reply.status(404), Reply.status(403), Reply.status(202), Reply.status(204),
				Reply.status(200), Reply.html("<html>being made</html>"), Reply.json("{\"status\":\"processing\"}"),
				Reply.status(200).text("not yet"));
		String id = newId("early");
		register(id, notYet.size(), (face, times) -> (times < 3) ? notYet.get(face) : Reply.status(200).body(PNG));
		Path directory = this.data.resolve("out/akool/" + id);
		patiently().until(() -> IntStream.range(0, notYet.size())
			.allMatch((face) -> Files.exists(directory.resolve("face-" + face + ".json"))));
		List<FileTime> written = written(directory, notYet.size());
		List<JsonNode> deliveries = faceDeliveries(awaitEnd("akool", id), notYet.size());
		assertThat(deliveries).extracting((delivery) -> delivery.path("attempts").asInt()).containsOnly(3);
		assertThat(deliveries).extracting((delivery) -> delivery.path("reason").isNull()).containsOnly(true);
		assertThat(tree("akool", id)).hasSize(2 * notYet.size() + 1);
		for (int face = 0; face < notYet.size(); face++) {
			assertThat(directory.resolve("face-" + face + ".png")).hasBinaryContent(PNG);
		}
		assertThat(written(directory, notYet.size())).as("each event is written once").isEqualTo(written);
	}

	private static List<FileTime> written(Path directory, int faces) throws IOException {
		List<FileTime> times = new ArrayList<>();
		for (int face = 0; face < faces; face++) {
			times.add(Files.getLastModifiedTime(directory.resolve("face-" + face + ".json")));
		}
		return times;
	}

	@Test
	void writesAnEventAtOnceAndTheJobsAfterThePictures() throws IOException {
		String id = newId("first");
		pictures.answers(Reply.status(200).body(PNG).after(Duration.ofSeconds(3)));
		standIn.akool(id).withFacesAt(pictures.baseUrl() + "/" + id + ".png");
		register("akool", id);
		Path directory = this.data.resolve("out/akool/" + id);
		patiently().until(() -> Files.exists(directory.resolve("face-0.json")));
		assertThat(directory.resolve("face-0.png")).doesNotExist();
		assertThat(directory.resolve("job.json")).doesNotExist();
		patiently().until(() -> Files.exists(directory.resolve("job.json")));
		assertThat(directory.resolve("face-0.png")).exists();
		Instant asked = pictures.requests()
			.stream()
			.filter((request) -> request.path().contains(id))
			.findFirst()
			.orElseThrow()
			.time();
		assertThat(Files.getLastModifiedTime(directory.resolve("face-0.json")).toInstant())
			.as("less than the picture takes")
			.isBefore(asked.plusSeconds(2));
	}

	@Test
	void writesTheEventOfAJobOnceEachPictureHasFailedAnAttempt() {
		String id = newId("failed");
		pictures.answers(Reply.status(503), Reply.status(200).body(PNG).after(Duration.ofSeconds(3)));
		standIn.akool(id).withFacesAt(pictures.baseUrl() + "/" + id + ".png");
		register("akool", id);
		Path directory = this.data.resolve("out/akool/" + id);
		patiently().until(() -> Files.exists(directory.resolve("job.json")));
		assertThat(directory.resolve("face-0.png")).doesNotExist();
		awaitEnd("akool", id);
		assertThat(directory.resolve("face-0.png")).exists();
	}

	@Test
	void holdsUpNobodyForAHostThatDrips() {
		String slow = newId("dripping");
		String quick = newId("quick");
		try (WebhookStandIn dripping = new WebhookStandIn()) {
			dripping.answers(Reply.status(200).body(PNG).after(Duration.ofSeconds(20)));
			standIn.akool(slow)
				.withFacesAt(IntStream.range(0, 60)
					.mapToObj((face) -> dripping.baseUrl() + "/" + face + ".png")
					.toArray(String[]::new));
			register("akool", slow);
			Path waiting = this.data.resolve("out/akool/" + slow);
			patiently().until(() -> IntStream.range(0, 60)
				.allMatch((face) -> Files.exists(waiting.resolve("face-" + face + ".json"))));
			standIn.crun(quick).withFaces(3);
			register("crun", quick);
			patiently().atMost(Duration.ofSeconds(8))
				.until(() -> Files.exists(this.data.resolve("out/crun/" + quick + "/job.json")));
			assertThat(tree("crun", quick)).hasSize(7);
			assertThat(waiting.resolve("job.json")).doesNotExist();
			assertThat(dripping.requests()).as("at once").hasSizeLessThanOrEqualTo(PictureHosts.PLACES);
			delete("/jobs/akool/" + slow);
		}
	}

	@Test
	void asksOnlyForThePictureAfterAStop() throws IOException {
		String id = newId("stopped");
		pictures.answers(Reply.status(200).body(PNG).after(Duration.ofSeconds(2)));
		standIn.akool(id).withFacesAt(pictures.baseUrl() + "/" + id + ".png");
		register("akool", id);
		Path event = this.data.resolve("out/akool/" + id + "/face-0.json");
		patiently().until(() -> Files.exists(event));
		FileTime written = Files.getLastModifiedTime(event);

		patiently().until(() -> {
			this.attempts.stop();
			return this.jdbc
				.sql("select count(*) from delivery where awaits_picture and job ="
						+ " (select id from job where job_id = :id)")
				.param("id", id)
				.query(Integer.class)
				.single() == 1;
		});
		this.jdbc.sql("update delivery set owner = null where job = (select id from job where job_id = :id)")
			.param("id", id)
			.update();

		awaitEnd("akool", id);
		assertThat(tree("akool", id)).containsExactly("face-0.json", "face-0.png", "job.json");
		assertThat(Files.getLastModifiedTime(event)).isEqualTo(written);
	}

	@Test
	void asksForAMissingPictureWhenItIsReplayed() throws IOException {
		String id = newId("replayed");
		pictures.answers(Reply.status(404));
		standIn.akool(id).withFacesAt(pictures.baseUrl() + "/" + id + ".png");
		JsonNode missing = faceDelivery(watch("akool", id));
		assertThat(missing.path("reason").asText()).isEqualTo("picture: HTTP 404");
		Path event = this.data.resolve("out/akool/" + id + "/face-0.json");
		FileTime written = Files.getLastModifiedTime(event);

		pictures.answers(Reply.status(200).body(PNG));
		assertThat(post("/deliveries/replay", "{\"ids\":[" + missing.path("id") + "]}").body())
			.isEqualTo("{\"matching\":1,\"replayed\":1}");

		JsonNode delivery = faceDelivery(awaitEnd("akool", id));
		assertThat(delivery.path("status").asText()).isEqualTo("DELIVERED");
		assertThat(delivery.path("reason").isNull()).isTrue();
		assertThat(tree("akool", id)).containsExactly("face-0.json", "face-0.png", "job.json");
		assertThat(Files.getLastModifiedTime(event)).isEqualTo(written);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			http://127.0.0.2:%d/face.png          | resolves to a private address (127.0.0.2)
			http://[::1]:%d/face.png              | resolves to a private address
			http://169.254.169.254/latest/meta-data | resolves to a private address
			http://2130706433:%d/face.png         | an address in an ambiguous spelling
			http://0x7f.1:%d/face.png             | not a legal host name
			http://me:secret@127.0.0.1:%d/x.png   | a user or password before the host
			ftp://127.0.0.1:%d/face.png           | scheme "ftp"
			file:///etc/passwd                    | scheme "file"
			file:/etc/passwd                      | not absolute
			jar:file:/x.jar!/face.png             | not absolute
			classpath:application.yaml            | not absolute
			/etc/passwd                           | not absolute
			//127.0.0.2:%d/face.png               | resolves to a private address (127.0.0.2)
			http://127.0.0.2:25/face.png          | resolves to a private address (127.0.0.2)
			http://                               | no host
			""")
	void fetchesNothingButPublicWebAddresses(String url, String note) {
		String id = newId("egress");
		int before = pictures.requests().size();
		String imageUrl = url.replace("%d", Integer.toString(pictures.port()));
		standIn.akool(id).withFacesAt(imageUrl);
		JsonNode delivery = faceDelivery(watch("akool", id));
		assertThat(delivery.path("status").asText()).isEqualTo("DELIVERED");
		assertThat(delivery.path("reason").asText()).startsWith("picture: ").contains(note).doesNotContain("secret@");
		assertThat(tree("akool", id)).containsExactly("face-0.json", "job.json");
		assertThat(events("akool", id).get(0).at("/data/imageUrl").asText()).isEqualTo(imageUrl);
		assertThat(pictures.requests()).hasSize(before);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "\"img_url\":\"\"", "\"img_url\":\"  \"", "\"img_url\":null", "\"media_type\":\"images\"" })
	void deliversAFaceWithoutAPicture(String field) {
		String id = newId("faceless");
		standIn.akool(id).replies(akool(id, "{\"obj_id\":0," + field + "}"));
		assertThat(faceDelivery(watch("akool", id)).path("status").asText()).isEqualTo("DELIVERED");
		assertThat(tree("akool", id)).containsExactly("face-0.json", "job.json");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{{vedette.providers.akool.api-key}}", "${properties:vedette.providers.akool.api-key}",
			"${bean:type:java.lang.System?method=exit(1)}", "#{systemProperties}", "RAW({{vedette.data}})" })
	void takesPictureAddressesAndFaceIdsAsText(String expression) {
		String id = newId("expression");
		pictures.answers(Reply.status(200).body(PNG));
		standIn.akool(id)
			.replies(akool(id, "{\"obj_id\":\"" + expression + "\",\"img_url\":\"" + pictures.baseUrl() + "/" + id + "/"
					+ expression + ".png?x=" + expression + "\"}"));
		JsonNode delivery = faceDelivery(watch("akool", id));
		assertThat(delivery.path("status").asText()).isEqualTo("DELIVERED");
		assertThat(events("akool", id).get(0).at("/data/faceId").asText()).isEqualTo(expression);
		assertThat(tree("akool", id)).hasSize(3).allMatch((file) -> file.matches("(face|job)[A-Za-z0-9_.-]*"));
		assertThat(pictures.requests()).filteredOn((request) -> request.path().startsWith("/" + id))
			.hasSizeLessThanOrEqualTo(1);
		assertThat(get("/jobs/akool/" + id).body()).contains(expression);
	}

	private JsonNode watch(String id, int faces, BiFunction<Integer, Integer, Reply> answers) {
		register(id, faces, answers);
		return awaitEnd("akool", id);
	}

	/**
	 * Registers a job of some faces.
	 * @param answers how their pictures are answered, by face and by how often it has
	 * been asked for
	 */
	private void register(String id, int faces, BiFunction<Integer, Integer, Reply> answers) {
		Map<Integer, Integer> asked = new ConcurrentHashMap<>();
		pictures.answers((request) -> {
			int face = Integer.parseInt(request.path().replaceFirst(".*/(\\d+)[.]png", "$1"));
			return answers.apply(face, asked.merge(face, 1, Integer::sum));
		});
		standIn.akool(id)
			.withFacesAt(IntStream.range(0, faces)
				.mapToObj((face) -> pictures.baseUrl() + "/" + face + ".png")
				.toArray(String[]::new));
		register("akool", id);
	}

	/** What is there after a job of one face, whose picture is answered with this. */
	private Face save(String path, Reply reply) {
		String id = newId("picture");
		pictures.answers(reply);
		standIn.akool(id).withFacesAt(pictures.baseUrl() + path);
		JsonNode delivery = faceDelivery(watch("akool", id));
		assertThat(delivery.path("status").asText()).isEqualTo("DELIVERED");
		assertThat(events("akool", id)).hasSize(2);
		return new Face(this.data.resolve("out/akool").resolve(id), tree("akool", id),
				delivery.path("reason").textValue());
	}

	private record Face(Path directory, List<String> files, String note) {
	}

	private static void assertNoted(Face face, String note) {
		assertThat(face.files()).containsExactly("face-0.json", "job.json");
		assertThat(face.note()).startsWith("picture: ").contains(note);
	}

	private static void assertDelivered(JsonNode delivery) {
		assertThat(delivery.path("status").asText()).isEqualTo("DELIVERED");
	}

	private static List<JsonNode> faceDeliveries(JsonNode job, int faces) {
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		return IntStream.range(0, faces).mapToObj((face) -> job.at("/deliveries/" + face)).toList();
	}

	private static JsonNode faceDelivery(JsonNode job) {
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		return job.at("/deliveries/0");
	}

	/** Names of all files of a job, hidden ones included, sorted. */
	private List<String> tree(String provider, String id) {
		return LiveDirectory.names(this.data.resolve("out").resolve(provider).resolve(id));
	}

	private static Reply akool(String id, String media) {
		return Reply.json("{\"code\":1000,\"data\":{\"_id\":\"" + id
				+ "\",\"status\":3,\"progress\":100,\"analysis_result\":{\"media\":[" + media + "]}}}");
	}

	private static byte[] picture(String format) {
		try {
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), format, bytes);
			return bytes.toByteArray();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
