package io.vedette;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.standin.ProviderStandIn;
import org.awaitility.core.ConditionFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestExecutionListeners;
import org.springframework.test.context.TestExecutionListeners.MergeMode;
import org.springframework.web.util.UriUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The whole application on a free port, with a data directory of its own and the
 * providers played by {@link #standIn}; what a user can do and see is below. Test classes
 * extend it. All that add nothing share one application, so every test makes its own job
 * ids ({@link #newId}); a class that needs other settings says so in
 * {@code @TestPropertySource(properties = ...)} and gets an application of its own.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		// Many applications of a JVM would take turns to stop at its end.
		properties = { "spring.main.register-shutdown-hook=false", "vedette.providers.akool.min-delay=50ms",
				"vedette.providers.akool.max-delay=200ms", "vedette.providers.akool.not-found-grace=2s",
				"vedette.providers.akool.max-wait=1m", "vedette.providers.akool.result-grace=500ms",
				"vedette.providers.crun.result-grace=500ms", "vedette.providers.akool.rate-limit=10000/1s",
				"vedette.providers.crun.min-delay=50ms", "vedette.providers.crun.max-delay=200ms",
				"vedette.providers.crun.not-found-grace=2s", "vedette.providers.crun.max-wait=1m",
				"vedette.providers.crun.rate-limit=10000/1s", "vedette.targets.files.retry=200ms,400ms,600ms",
				"vedette.intakes.inbox.settle-time=300ms", "vedette.egress.allow=127.0.0.1" })
@TestExecutionListeners(listeners = StoreOnPostgres.class, mergeMode = MergeMode.MERGE_WITH_DEFAULTS)
public abstract class RunningVedette {

	/** Plays all providers, for all applications of this JVM. */
	protected static final ProviderStandIn standIn = new ProviderStandIn();

	private static final JsonMapper json = JsonMapper.builder().enable(JsonReadFeature.ALLOW_SINGLE_QUOTES).build();

	private static final AtomicInteger ids = new AtomicInteger();

	private static volatile OpenApi openApi;

	private final HttpClient client = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Value("${vedette.intake-token:}")
	private String token;

	/** {@code vedette.data} of this application. */
	@Value("${vedette.data}")
	protected Path data;

	@DynamicPropertySource
	static void connect(DynamicPropertyRegistry registry) throws IOException, SQLException {
		String data = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "data-").toString();
		registry.add("vedette.data", () -> data);
		for (String provider : List.of("akool", "crun")) {
			registry.add("vedette.providers." + provider + ".base-url", standIn::baseUrl);
			registry.add("vedette.providers." + provider + ".api-key", () -> standIn.key(provider));
		}
		if (StoreOnPostgres.isWanted()) {
			StoreOnPostgres.connect(registry);
		}
	}

	/** A job id that no other test uses. */
	protected static String newId(String prefix) {
		return prefix + "-" + ids.incrementAndGet();
	}

	/** Registers a job and returns it as the API answers. */
	protected JsonNode register(String provider, String jobId) {
		return register(json.createObjectNode().put("provider", provider).put("jobId", jobId));
	}

	/** The same for a whole job request. */
	protected JsonNode register(JsonNode request) {
		HttpResponse<String> response = post("/jobs", request.toString());
		assertThat(response.statusCode()).as(response.body()).isIn(200, 202);
		return parse(response.body());
	}

	/** Registers a job and waits for its end. */
	protected JsonNode watch(String provider, String jobId) {
		register(provider, jobId);
		return awaitEnd(provider, jobId);
	}

	/** The job as {@code GET /jobs/{provider}/{jobId}} shows it. */
	protected JsonNode job(String provider, String jobId) {
		HttpResponse<String> response = get("/jobs/" + provider + "/" + UriUtils.encode(jobId, StandardCharsets.UTF_8));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return parse(response.body());
	}

	/** Waits until the job has ended and no delivery of it waits for an attempt. */
	protected JsonNode awaitEnd(String provider, String jobId) {
		return patiently().until(() -> job(provider, jobId), RunningVedette::isOver);
	}

	/** Waits until the provider has been asked that often for the job. */
	protected void awaitPolls(String provider, String jobId, int count) {
		patiently().until(() -> standIn.polls(provider, jobId).size() >= count);
	}

	/** How every test waits. */
	protected static ConditionFactory patiently() {
		return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(25));
	}

	private static boolean isOver(JsonNode job) {
		Set<String> settled = Set.of("DELIVERED", "DEAD");
		return !job.path("status").asText().equals("WATCHING") && Stream.of(job.path("deliveries"))
			.allMatch((all) -> all.findValuesAsText("status").stream().allMatch(settled::contains));
	}

	/**
	 * All events of a job that the target {@code files} was given: those of the faces in
	 * the order of their index, then that of the job. Each is as described.
	 */
	protected List<JsonNode> events(String provider, String jobId) {
		return eventFiles(provider).map(RunningVedette::read)
			.filter((event) -> event.at("/data/jobId").asText().equals(jobId))
			.peek(EventContract::check)
			.sorted(Comparator.comparing((event) -> event.at("/data/index").asInt(Integer.MAX_VALUE)))
			.toList();
	}

	private Stream<Path> eventFiles(String provider) {
		return LiveDirectory.finishedFiles(this.data.resolve("out").resolve(provider))
			.stream()
			.filter((file) -> file.getFileName().toString().endsWith(".json"));
	}

	protected HttpResponse<String> get(String path) {
		return send(request(path).GET());
	}

	protected HttpResponse<String> post(String path, String body) {
		return send(request(path).header("content-type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body)));
	}

	protected HttpResponse<String> delete(String path) {
		return send(request(path).DELETE());
	}

	/** For calls that are none of the above. */
	protected HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path));
	}

	/** Sends a call; its answer is one that the API's description knows. */
	protected HttpResponse<String> send(HttpRequest.Builder request) {
		HttpResponse<String> answer = exchange(request);
		openApi().check(answer);
		return answer;
	}

	/** What the API says of itself; it is the same for all applications of this JVM. */
	protected OpenApi openApi() {
		if (openApi == null) {
			HttpRequest.Builder call = request("/v3/api-docs");
			if (!this.token.isEmpty()) {
				call.header("authorization", "Bearer " + this.token);
			}
			openApi = OpenApi
				.of(patiently().until(() -> exchange(call), (answer) -> answer.statusCode() == 200).body());
		}
		return openApi;
	}

	private HttpResponse<String> exchange(HttpRequest.Builder request) {
		try {
			return this.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** Reads JSON; single quotes are as good as double ones. */
	protected static JsonNode parse(String text) {
		try {
			return json.readTree(text);
		}
		catch (JsonProcessingException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static JsonNode read(Path file) {
		try {
			return json.readTree(Files.readAllBytes(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(file.toString(), ex);
		}
	}

}
