package io.vedette.delivery;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

import javax.imageio.ImageIO;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.LiveDirectory;
import io.vedette.RunningVedette;
import io.vedette.http.RawServer;
import io.vedette.standin.Reply;
import io.vedette.standin.WebhookStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Pictures as providers really link them, and as their hosts really answer. */
class PictureLinksTest extends RunningVedette {

	private static final WebhookStandIn pictures = new WebhookStandIn();

	private static final byte[] PNG = png();

	@AfterAll
	static void close() {
		pictures.close();
	}

	@ParameterizedTest
	@CsvSource({ "301,http://127.0.0.1:%d/moved.png", "302,/moved.png", "303,moved.png", "307,?moved.png",
			"308,//127.0.0.1:%d/moved~.png" })
	void followsARedirectWithoutAKey(int status, String location) throws IOException {
		try (RawServer server = new RawServer((out) -> whole(out, "", PNG))) {
			pictures.answers((request) -> Reply.status(status)
				.header("location", location.replace("%d", Integer.toString(server.port()))));
			String id = newId("moved");
			if (location.contains("%d")) {
				assertSaved(id, pictures.baseUrl() + "/" + id + ".png");
				assertThat(server.requests()).singleElement()
					.asString()
					.startsWith("GET " + location.replaceFirst(".*%d", "") + " HTTP/1.1\r\n")
					.doesNotContainIgnoringCase("x-api-key")
					.doesNotContainIgnoringCase("vedette");
			}
			else {
				pictures.answers(Reply.status(status).header("location", location), Reply.status(200).body(PNG));
				assertSaved(id, pictures.baseUrl() + "/" + id + ".png");
			}
		}
		assertThat(pictures.requests()).allSatisfy((request) -> assertThat(request.headers())
			.doesNotContainKeys("x-api-key", "authorization", "cookie", "referer", "vedette-request-target"));
	}

	@ParameterizedTest
	@CsvSource({ "http://127.0.0.2:%d/moved.png,resolves to a private address (127.0.0.2)",
			"http://169.254.169.254/latest,resolves to a private address", "file:///etc/passwd,scheme \"file\"",
			"http://me:secret@127.0.0.1:%d/,a user or password", "/again?,more than 3 redirects" })
	void followsNoRedirectToWhereNoPictureMayBe(String location, String note) {
		pictures.answers((request) -> Reply.status(302)
			.header("location",
					location.replace("%d", Integer.toString(pictures.port())).replace("?", "?" + System.nanoTime())));
		String id = newId("refused");
		int before = pictures.requests().size();
		assertNotSaved(id, pictures.baseUrl() + "/" + id + ".png", note);
		assertThat(pictures.requests()).hasSize(before + (location.startsWith("/again") ? 4 : 1));
	}

	@ParameterizedTest
	@MethodSource("inlinePictures")
	void savesAPictureThatIsInItsUrl(String url) {
		assertSaved(newId("inline"), url);
	}

	static List<String> inlinePictures() {
		String base64 = Base64.getEncoder().encodeToString(PNG);
		StringBuilder percent = new StringBuilder();
		for (byte octet : PNG) {
			percent.append("%%%02x".formatted(octet));
		}
		return List.of("data:image/png;base64," + base64, "data:," + percent,
				" DATA:image/jpeg;BASE64," + base64 + "\\n", "data:;base64," + base64.replace("=", ""));
	}

	@ParameterizedTest
	@ValueSource(strings = { "data:text/html,<p>", "data:image/png;base64,a", "data:image/png" })
	void savesNothingElseThatIsInAUrl(String url) {
		assertNotSaved(newId("inline"), url, "picture: ");
	}

	@Test
	void sendsAUrlByteForByte() {
		String target = "/img/~u/a.png?Expires=1&Signature=ab~cd-ef__%7E%7e%2f&Key-Pair-Id=K";
		try (RawServer server = new RawServer((out) -> whole(out, "", PNG))) {
			assertSaved(newId("tilde"), " http://127.0.0.1:" + server.port() + target + "#x\\n");
			assertThat(server.requests()).singleElement().asString().startsWith("GET " + target + " HTTP/1.1\r\n");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Encoding: \r\n", "Content-Encoding: utf-8\r\n",
			"Content-Encoding: aws-chunked\r\n", "Content-Encoding: gzip\r\n", "X-Long: %s\r\n",
			"Content-Type: image/png; charset=utf-16\r\n", "Content-Type: image/png; charset=nothing\r\n" })
	void savesAPictureWhateverTheHeadersSay(String headers) throws IOException {
		try (RawServer server = new RawServer((out) -> whole(out, headers.formatted("x".repeat(20_000)), PNG))) {
			assertSaved(newId("headers"), "http://127.0.0.1:" + server.port() + "/a.png");
		}
	}

	@Test
	void savesAPictureBehindBlanks() throws IOException {
		try (RawServer server = new RawServer((out) -> {
			byte[] behind = new byte[PNG.length + 5];
			System.arraycopy("\u00ef\u00bb\u00bf\r\n".getBytes(StandardCharsets.ISO_8859_1), 0, behind, 0, 5);
			System.arraycopy(PNG, 0, behind, 5, PNG.length);
			return whole(out, "", behind);
		})) {
			assertSaved(newId("blanks"), "http://127.0.0.1:" + server.port() + "/a.png");
		}
	}

	@ParameterizedTest
	@CsvSource({ "wmf,application/octet-stream", "svg,image/svg+xml", "dwg,image/png" })
	void savesNoDocumentAsAPicture(String format, String contentType) {
		byte[] document = switch (format) {
			case "wmf" -> new byte[] { (byte) 0xd7, (byte) 0xcd, (byte) 0xc6, (byte) 0x9a, 0, 0 };
			case "dwg" -> "AC1015\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII);
			default -> "<svg xmlns=\"http://www.w3.org/2000/svg\"/>".getBytes(StandardCharsets.US_ASCII);
		};
		pictures.answers(Reply.status(200).header("content-type", contentType).body(document));
		String id = newId("document");
		assertNotSaved(id, pictures.baseUrl() + "/" + id, "leads to");
	}

	@Test
	void leavesNothingOfAPictureThatIsTooLong() throws IOException {
		try (RawServer server = new RawServer((out) -> {
			out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			out.write(PNG);
			while (true) {
				out.write(new byte[65_536]);
			}
		})) {
			assertNotSaved(newId("long"), "http://127.0.0.1:" + server.port() + "/a.png", "longer than 32MB");
		}
	}

	@Test
	void leavesNothingOfAPictureThatBreaksOff() {
		String id = newId("cut");
		pictures.answers(Reply.status(200).body(PNG).cut());
		JsonNode delivery = delivery(id, pictures.baseUrl() + "/cut.png");
		assertThat(delivery.path("status").asText()).isEqualTo("DEAD");
		assertThat(LiveDirectory.names(directory(id))).isNotEmpty().noneMatch((file) -> file.startsWith("."));
	}

	private void assertSaved(String id, String url) {
		JsonNode delivery = delivery(id, url);
		assertThat(delivery.path("status").asText()).isEqualTo("DELIVERED");
		assertThat(delivery.path("reason").textValue()).isNull();
		assertThat(LiveDirectory.names(directory(id))).containsExactly("face-0.json", "face-0.png", "job.json");
		assertThat(directory(id).resolve("face-0.png")).hasBinaryContent(PNG);
		assertThat(events("akool", id).get(0).at("/data/reference").asText()).isEqualTo("\u00fc\u6f22");
	}

	private void assertNotSaved(String id, String url, String note) {
		JsonNode delivery = delivery(id, url);
		assertThat(delivery.path("status").asText()).isEqualTo("DELIVERED");
		assertThat(delivery.path("reason").asText()).startsWith("picture: ").contains(note).doesNotContain("secret");
		assertThat(LiveDirectory.names(directory(id))).containsExactly("face-0.json", "job.json");
	}

	/** The delivery of a job's one face, once it has ended. */
	private JsonNode delivery(String id, String url) {
		standIn.akool(id)
			.replies(Reply.json("""
					{"code":1000,"data":{"_id":"%s","status":3,"progress":100,"analysis_result":{"media":[
					{"obj_id":0,"img_url":"%s"}]}}}""".formatted(id, url))
				.header("content-type", "application/json; charset=utf-16")
				.header("content-encoding", "utf-8"));
		register(parse("{'provider':'akool','jobId':'" + id + "','reference':'\u00fc\u6f22'}"));
		return awaitEnd("akool", id).at("/deliveries/0");
	}

	private Path directory(String id) {
		return this.data.resolve("out/akool").resolve(id);
	}

	private static boolean whole(OutputStream out, String headers, byte[] body) throws IOException {
		out.write(("HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + body.length + "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII));
		out.write(body);
		return true;
	}

	private static byte[] png() {
		try {
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", bytes);
			return bytes.toByteArray();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
