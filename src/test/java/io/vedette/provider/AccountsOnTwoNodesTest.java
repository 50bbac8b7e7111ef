package io.vedette.provider;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.VedetteApplication;
import io.vedette.standin.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Two nodes on one database, each with files of its own; one of them is called. */
@Tag("store")
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(properties = { "vedette.node=one", "spring.config.import=configtree:target/keys-of-one/" })
class AccountsOnTwoNodesTest extends RunningVedette {

	private static final Path ONE = Path.of("target/keys-of-one");

	private static final Path TWO = Path.of("target/keys-of-two");

	@Autowired
	private ConfigurableEnvironment environment;

	private ConfigurableApplicationContext two;

	@BeforeAll
	static void writeKeys() throws IOException {
		for (Path directory : List.of(ONE, TWO)) {
			Files.createDirectories(directory);
			try (Stream<Path> old = Files.list(directory)) {
				for (Path file : old.toList()) {
					Files.delete(file);
				}
			}
		}
		write("team", "api-key", "old-key");
		write("few", "api-key", "key-of-few");
		write("few", "rate-limit", "100/1s");
		write("few", "max-in-flight", "6");
		standIn.acceptsToo("akool", "old-key").acceptsToo("akool", "new-key").acceptsToo("akool", "key-of-few");
	}

	private static void write(String account, String key, String value) throws IOException {
		write(ONE, account, key, value);
		write(TWO, account, key, value);
	}

	private static void write(Path directory, String account, String key, String value) throws IOException {
		Files.writeString(directory.resolve("vedette.providers.akool.accounts." + account + "." + key), value);
	}

	@BeforeEach
	void startTheOther() throws IOException {
		Path data = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "data-");
		List<String> arguments = new ArrayList<>(
				List.of("--server.port=0", "--vedette.node=two", "--vedette.data=" + data,
						"--spring.config.import=configtree:target/keys-of-two/", "--vedette.intakes.inbox.uri="));
		for (String key : List.of("spring.datasource.url", "spring.datasource.username", "spring.datasource.password",
				"spring.datasource.driver-class-name", "vedette.providers.akool.base-url",
				"vedette.providers.akool.api-key", "vedette.providers.akool.min-delay",
				"vedette.providers.akool.max-delay", "vedette.providers.akool.rate-limit", "vedette.egress.allow")) {
			arguments.add("--" + key + "=" + this.environment.getProperty(key, ""));
		}
		this.two = new SpringApplicationBuilder(VedetteApplication.class).run(arguments.toArray(String[]::new));
	}

	@AfterEach
	void stopTheOther() {
		this.two.close();
	}

	@Test
	void readTheirFilesWhicheverOfThemIsCalled(CapturedOutput output) throws Exception {
		write("team", "api-key", "new-key");
		write("more", "api-key", "key-of-more");
		HttpResponse<String> answer = post("/accounts/reload", "");
		assertThat(answer.body()).contains("\"team\",\"change\":\"changed\"", "\"more\",\"change\":\"added\"");
		patiently().until(() -> account(shownByTwo(), "more").path("configured").asBoolean());
		List<String> ids = IntStream.range(0, 40).mapToObj((number) -> newId("keys")).toList();
		ids.forEach((id) -> standIn.akool(id).withFaces(1));
		send("/jobs", ids);
		ids.forEach((id) -> patiently().until(() -> job("akool", id).path("status").asText().equals("SUCCEEDED")));
		assertThat(ids.stream().flatMap((id) -> standIn.polls("akool", id).stream()))
			.extracting((poll) -> poll.header("x-api-key"))
			.containsOnly("new-key");
		// One that is called itself changes nothing at the other.
		write(TWO, "more", "rate-limit", "many");
		assertThat(post("/accounts/reload", "").statusCode()).isEqualTo(200);
		patiently().until(() -> output.getAll().contains("another node was told to read its files again"));
		assertThat(output.getAll()).contains("accounts.more.rate-limit", "Nothing was changed here")
			.doesNotContain("key-of-more", "new-key");
		assertThat(account(shownByTwo(), "more").path("configured").asBoolean()).isTrue();
		Files.delete(TWO.resolve("vedette.providers.akool.accounts.more.rate-limit"));
	}

	/** Handed in at the other node, all of them watched there at first. */
	private void send(String path, List<String> ids) throws Exception {
		String body = ids.stream()
			.map((id) -> "{\"provider\":\"akool\",\"jobId\":\"%s\",\"account\":\"team\"}".formatted(id))
			.toList()
			.toString();
		HttpResponse<String> answer = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(urlOfTwo() + path))
				.header("content-type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString(body))
				.build(), HttpResponse.BodyHandlers.ofString());
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
	}

	@Test
	void keepAnotherLimitTogetherFromThenOn() throws Exception {
		write("few", "rate-limit", "10/1s");
		write("few", "max-in-flight", "2");
		assertThat(post("/accounts/reload", "").statusCode()).isEqualTo(200);
		patiently().until(() -> account(shownByTwo(), "few").path("maxInFlight").asInt() == 2);
		assertThat(account(shownByTwo(), "few").path("rateLimit").asText()).isEqualTo("10/1s");
		patiently().until(() -> shares() <= 10);
		Instant begin = Instant.now();
		List<String> urls = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			urls.add("https://media.example.com/" + newId("few") + ".png");
			assertThat(post("/jobs",
					"{\"provider\":\"akool\",\"mediaUrl\":\"%s\",\"account\":\"few\"}".formatted(urls.get(i)))
				.statusCode()).isEqualTo(202);
		}
		int most = 0;
		while (listed("succeeded").size() < 8) {
			most = Math.max(most, listed("watching").size());
			assertThat(Instant.now()).isBefore(begin.plusSeconds(60));
		}
		assertThat(most).isBetween(1, 2);
		List<Instant> sent = requests(begin);
		assertThat(sent).hasSizeGreaterThan(15);
		for (int i = 10; i < sent.size(); i++) {
			// The stand-in sees them a moment later than they were sent, one more than
			// another.
			assertThat(Duration.between(sent.get(i - 10), sent.get(i))).isGreaterThan(Duration.ofMillis(900));
		}
		assertThat(urls).allSatisfy((url) -> assertThat(standIn.submissions(url)).hasSize(1));
	}

	private double shares() throws Exception {
		return Stream.of(parse(get("/providers").body()), shownByTwo())
			.mapToDouble((answer) -> account(answer, "few").path("share").asDouble())
			.sum();
	}

	private Set<String> listed(String status) {
		return parse(get("/jobs?account=few&status=" + status).body()).path("jobs")
			.findValuesAsText("requestId")
			.stream()
			.collect(Collectors.toSet());
	}

	private static List<Instant> requests(Instant begin) {
		return standIn.requests()
			.stream()
			.filter((request) -> "key-of-few".equals(request.header("x-api-key")) && request.time().isAfter(begin))
			.map(Request::time)
			.sorted()
			.toList();
	}

	private String urlOfTwo() {
		return "http://127.0.0.1:" + this.two.getEnvironment().getProperty("local.server.port");
	}

	private JsonNode shownByTwo() throws Exception {
		return parse(HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(urlOfTwo() + "/providers")).build(),
					HttpResponse.BodyHandlers.ofString())
			.body());
	}

	private static JsonNode account(JsonNode answer, String name) {
		for (JsonNode provider : answer.path("providers")) {
			for (JsonNode account : provider.path("accounts")) {
				if (provider.path("provider").asText().equals("akool")
						&& account.path("account").asText().equals(name)) {
					return account;
				}
			}
		}
		return answer.path("none");
	}

}
