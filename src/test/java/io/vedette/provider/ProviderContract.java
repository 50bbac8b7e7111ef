package io.vedette.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every provider's table has to be able to do, table by table: its own replies in
 * {@code examples/replies/<provider>} and those that any server may send, in
 * {@code examples/replies/any}. A recorded reply {@code x.http} has the answer expected
 * beside it in {@code x.json}; {@code more.ndjson} holds further ones, a line each;
 * {@code request.json} is what has to be asked for a job.
 */
class ProviderContract extends CamelTestSupport {

	private static final Path REPLIES = Path.of("examples/replies");

	private static final ObjectMapper JSON = new ObjectMapper();

	private TableContext tables;

	@Override
	protected CamelContext createCamelContext() throws Exception {
		CamelContext camel = super.createCamelContext();
		this.tables = new TableContext(camel).load(files("routes", "examples"));
		this.tables.read();
		return camel;
	}

	private static List<Path> files(String... directories) {
		return Stream.of(directories)
			.flatMap((directory) -> list(Path.of(directory)).stream())
			.filter((file) -> file.getFileName().toString().matches("(ask-.*|submit-provider)\\.camel\\.yaml"))
			.toList();
	}

	@Test
	void everyTableHasItsReplies() {
		assertThat(this.tables.providers()).hasSizeGreaterThan(8)
			.allSatisfy((provider) -> assertThat(REPLIES.resolve(provider)).isDirectoryContaining("glob:**.http")
				.isDirectoryContaining("glob:**/request.json"));
	}

	@TestFactory
	Stream<DynamicTest> asksForTheVeryJob() {
		return this.tables.providers().stream().map((provider) -> DynamicTest.dynamicTest(provider, () -> {
			JsonNode expected = read(REPLIES.resolve(provider).resolve("request.json"));
			Map<String, Object> sent = new HashMap<>();
			this.tables.ask(provider, expected.path("jobId").asText(), (exchange) -> {
				sent.putAll(exchange.getMessage().getHeaders());
				sent.put("body", exchange.getMessage().getBody());
				sent.put("url", exchange.getProperty(Exchange.TO_ENDPOINT, String.class));
			});
			assertThat(request(sent)).isEqualTo(((ObjectNode) expected).without("jobId"));
		}));
	}

	private static JsonNode request(Map<String, Object> sent) throws IOException {
		ObjectNode request = JSON.createObjectNode();
		request.put("method", String.valueOf(sent.remove(Exchange.HTTP_METHOD)));
		request.put("url",
				((String) sent.remove("url")).replaceFirst("^mock://(https?)[:/]+", "$1://").split("\\?")[0]);
		Map.of("path", Exchange.HTTP_PATH, "query", Exchange.HTTP_QUERY).forEach((name, header) -> {
			if (sent.containsKey(header)) {
				request.put(name, (String) sent.remove(header));
			}
		});
		Object body = sent.remove("body");
		ObjectNode headers = request.putObject("headers");
		sent.forEach((name, value) -> headers.put(name, (String) value));
		if (body instanceof byte[] bytes) {
			request.set("body", JSON.readTree(bytes));
		}
		return request;
	}

	@TestFactory
	Stream<DynamicTest> readsItsReplies() {
		return this.tables.providers()
			.stream()
			.flatMap(
					(provider) -> recorded(provider).map((file) -> DynamicTest.dynamicTest(provider + ", " + name(file),
							() -> assertThat(answer(provider, file)).isEqualTo(expected(file)))));
	}

	@TestFactory
	Stream<DynamicTest> readsFurtherReplies() {
		return this.tables.providers()
			.stream()
			.filter((provider) -> Files.exists(REPLIES.resolve(provider).resolve("more.ndjson")))
			.flatMap((provider) -> lines(REPLIES.resolve(provider).resolve("more.ndjson"))
				.map((line) -> DynamicTest.dynamicTest(provider + ", " + line, () -> {
					RecordedReply reply = new RecordedReply(line.path("http").asInt(200), Map.of(),
							line.path("body").toString());
					assertThat(answer(provider, reply)).isEqualTo(line.path("answer"));
				})));
	}

	@Test
	void everyTableThatSubmitsHasItsReplies() {
		assertThat(this.tables.submitters()).contains("akool", "crun")
			.allSatisfy((provider) -> assertThat(submissions(provider)).isDirectoryContaining("glob:**.http")
				.isDirectoryContaining("glob:**/request-*.json"));
	}

	private static Path submissions(String provider) {
		return REPLIES.resolve(provider).resolve("submit");
	}

	@TestFactory
	Stream<DynamicTest> submitsTheVeryMedia() {
		return this.tables.submitters()
			.stream()
			.flatMap((provider) -> list(submissions(provider)).stream()
				.filter((file) -> file.getFileName().toString().startsWith("request-"))
				.map((file) -> DynamicTest.dynamicTest(provider + ", " + file.getFileName(), () -> {
					ObjectNode expected = (ObjectNode) read(file);
					Map<String, Object> sent = new HashMap<>();
					this.tables.submit(provider, expected.path("mediaUrl").asText(),
							expected.path("mediaKind").asText(), (exchange) -> {
								sent.putAll(exchange.getMessage().getHeaders());
								sent.put("body", exchange.getMessage().getBody());
								sent.put("url", exchange.getProperty(Exchange.TO_ENDPOINT, String.class));
							});
					assertThat(request(sent)).isEqualTo(expected.without(List.of("mediaUrl", "mediaKind")));
				})));
	}

	@TestFactory
	Stream<DynamicTest> readsWhatComesOfSubmitting() {
		return this.tables.submitters()
			.stream()
			.flatMap((provider) -> list(submissions(provider)).stream()
				.filter((file) -> file.toString().endsWith(".http"))
				.map((file) -> DynamicTest.dynamicTest(provider + ", " + name(file), () -> {
					Exchange exchange = this.tables.submit(provider, "https://example.com/a.png", "image", reply(file));
					assertThat(answer(exchange, "answer", "newJobId", "retryAfter", "warning"))
						.isEqualTo(expected(file));
				})));
	}

	/**
	 * Of what any server may send nothing says that the media was taken, or surely not.
	 */
	@TestFactory
	Stream<DynamicTest> takesNoPageForAnAnswer() {
		Set<String> sure = Set.of("failed", "throttled", "refused", "again");
		return this.tables.submitters()
			.stream()
			.flatMap((provider) -> recorded("any")
				.map((file) -> DynamicTest.dynamicTest(provider + ", " + name(file), () -> {
					Exchange exchange = this.tables.submit(provider, "https://example.com/a.png", "image", reply(file));
					String answer = exchange.getVariable("answer", String.class);
					if (exchange.getException() == null && sure.contains(answer)) {
						assertThat(reply(file).status()).as(answer).isBetween(400, 499);
					}
					else {
						assertThat(answer).isIn(null, "unknown");
					}
				})));
	}

	/** Of an error page nothing but its meaning is left. */
	@TestFactory
	Stream<DynamicTest> readsWhatAnyServerMaySend() {
		return this.tables.providers()
			.stream()
			.flatMap((provider) -> recorded("any").map((file) -> DynamicTest.dynamicTest(provider + ", " + name(file),
					() -> assertThat(answer(provider, file).path("answer")).isEqualTo(expected(file).path("answer")))));
	}

	/** No header is left for the next call, or for a message that this one becomes. */
	@TestFactory
	Stream<DynamicTest> leavesNoHeaderBehind() {
		return this.tables.providers()
			.stream()
			.map((provider) -> DynamicTest.dynamicTest(provider,
					() -> assertThat(
							this.tables.ask(provider, "id", reply(recorded(provider).findFirst().orElseThrow()))
								.getMessage()
								.getHeaders())
						.isEmpty()));
	}

	private JsonNode answer(String provider, Path file) throws IOException {
		return answer(provider, reply(file));
	}

	/** What the loop finds. Whatever throws is an answer of class unavailable there. */
	private JsonNode answer(String provider, RecordedReply reply) {
		Exchange exchange = this.tables.ask(provider, "id", reply);
		if (exchange.getException() != null) {
			return JSON.createObjectNode().put("answer", AnswerClass.UNAVAILABLE.label());
		}
		return answer(exchange, "answer", "replyId", "retryAfter", "warning");
	}

	private static JsonNode answer(Exchange exchange, String... variables) {
		ObjectNode answer = JSON.createObjectNode();
		Stream.of(variables)
			.filter((name) -> exchange.getVariable(name) != null)
			.forEach((name) -> answer.put(name, exchange.getVariable(name, String.class)));
		answer.setAll(exchange.getMessage().getBody(ObjectNode.class));
		// As text numbers are the same whether they are int or long.
		return parse(answer.toString());
	}

	private static RecordedReply reply(Path file) throws IOException {
		return RecordedReply.parse(Files.readString(file));
	}

	private static JsonNode expected(Path file) throws IOException {
		return read(file.resolveSibling(name(file) + ".json"));
	}

	private static Stream<Path> recorded(String provider) {
		return list(REPLIES.resolve(provider)).stream().filter((file) -> file.toString().endsWith(".http"));
	}

	private static String name(Path file) {
		return file.getFileName().toString().replace(".http", "");
	}

	private static Stream<JsonNode> lines(Path file) {
		try {
			return Files.readAllLines(file).stream().map(ProviderContract::parse);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static JsonNode read(Path file) throws IOException {
		return JSON.readTree(Files.readString(file));
	}

	private static JsonNode parse(String text) {
		try {
			return JSON.readTree(text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(text, ex);
		}
	}

	private static List<Path> list(Path directory) {
		List<Path> files = new ArrayList<>();
		try (Stream<Path> all = Files.list(directory)) {
			all.sorted().forEach(files::add);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return files;
	}

}
