package io.vedette.job;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.ProviderStandIn;
import io.vedette.standin.Reply;
import io.vedette.standin.Request;
import io.vedette.standin.TcpProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is submitted more than once: to a provider that knows each request by a header,
 * and what another has surely not taken.
 */
@Tag("store")
@TestPropertySource(properties = "camel.main.routes-include-pattern=classpath:routes/*.camel.yaml,"
		+ "file:src/test/resources/sample-submit/*.camel.yaml")
class SubmitAgainTest extends RunningVedette {

	private static final ProviderStandIn api = new ProviderStandIn();

	private static final TcpProxy wire = new TcpProxy(api.port());

	/** What the next POSTs are answered with instead, by the URL that they submit. */
	private static final Map<String, List<Reply>> replies = new ConcurrentHashMap<>();

	/** The jobs that the provider has made, by what it knows each request by. */
	private static final Map<String, String> made = new ConcurrentHashMap<>();

	private static final AtomicInteger number = new AtomicInteger();

	private final String id = newId("request/ü");

	private final String mediaUrl = "https://media.example.com/" + newId("again") + ".png";

	@Autowired
	private JdbcClient jdbc;

	@DynamicPropertySource
	static void configure(DynamicPropertyRegistry registry) {
		for (String provider : List.of("once", "plain")) {
			registry.add("vedette.providers." + provider + ".base-url", () -> "http://127.0.0.1:" + wire.port());
			registry.add("vedette.providers." + provider + ".api-key", () -> "the-key");
			registry.add("vedette.providers." + provider + ".min-delay", () -> "50ms");
			registry.add("vedette.providers." + provider + ".rate-limit", () -> "10000/1s");
		}
	}

	@AfterAll
	static void close() {
		wire.close();
		api.close();
	}

	@BeforeEach
	void connect() {
		api.override(SubmitAgainTest::answer);
		wire.mend();
	}

	/** Takes what is submitted, also where its reply gets lost. */
	private static Reply answer(Request request) {
		if (request.method().equals("GET")) {
			return Reply.json("{\"status\":\"done\",\"faces\":[]}");
		}
		String url = parse(request.text()).path("url").asText();
		long before = api.requests().stream().filter((post) -> post.text().contains(url)).count() - 1;
		List<Reply> instead = replies.getOrDefault(url, List.of());
		Reply reply = (before < instead.size()) ? instead.get((int) before) : null;
		if (reply != null && Set.of(429, 503).contains(reply.status())) {
			return reply;
		}
		String key = request.header("x-request-id");
		String job = made.computeIfAbsent((key != null) ? key : url + number,
				(any) -> "job-" + number.incrementAndGet());
		return (reply != null) ? reply : Reply.json("{\"id\":\"%s\"}".formatted(job));
	}

	static Stream<Arguments> lost() {
		return Stream.of(Arguments.of("a cut connection", Reply.reset()),
				Arguments.of("half a reply", Reply.truncated()),
				Arguments.of("a page", Reply.html("<html>busy</html>")),
				Arguments.of("an error that may be anything", Reply.status(502)),
				Arguments.of("no id", Reply.json("{}")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("lost")
	void submitsAgainUnderTheSameNameToWhoeverKnowsEachRequest(String name, Reply reply) {
		replies.put(this.mediaUrl, List.of(reply, reply));
		submit("once");
		JsonNode job = await("SUCCEEDED");
		assertThat(posts()).hasSize(3)
			.extracting((post) -> post.header("x-request-id"))
			.containsOnly(job.path("requestId").asText().replace("/", "%2F").replace("ü", "%C3%BC"));
		assertThat(made).containsEntry(posts().get(0).header("x-request-id"), job.path("jobId").asText());
		assertThat(jobs()).as("jobs of the request").containsExactly(job.path("jobId").asText());
		awaitEnd("once", job.path("jobId").asText());
		assertThat(events("once", job.path("jobId").asText())).hasSize(1);
		assertGrowingWaits();
	}

	@Test
	void submitsAgainWhatADeadNodeSentToWhoeverKnowsEachRequest() {
		this.jdbc
			.sql("""
					insert into job (provider, media_url, status, owner, registered_at, request_id, sent_at, due_at)
					values ('once', :url, 'SUBMITTING', (select min(id) from node), current_timestamp, :id, current_timestamp, current_timestamp)
					""")
			.param("url", this.mediaUrl)
			.param("id", this.id)
			.update();
		await("SUCCEEDED");
		assertThat(posts()).hasSize(1);
	}

	static Stream<Arguments> notTaken() {
		return Stream.of(Arguments.of(Reply.status(503)), Arguments.of(Reply.status(429)));
	}

	@ParameterizedTest
	@MethodSource("notTaken")
	void submitsAgainOnAScheduleWhatTheProviderSaysItHasNotTaken(Reply reply) {
		replies.put(this.mediaUrl, List.of(reply, reply));
		submit("plain");
		patiently().until(() -> posts().size() == 2);
		JsonNode waiting = await("SUBMITTING");
		assertThat(waiting.at("/reason/code").asText()).isEqualTo(Integer.toString(reply.status()));
		await("SUCCEEDED");
		assertThat(posts()).hasSize(3);
		assertGrowingWaits();
	}

	@Test
	void submitsAgainOnceWhatNeverCameToTheProvider() {
		wire.cut();
		submit("plain");
		JsonNode waiting = patiently().until(this::shown, (job) -> job.at("/reason/code").asText().equals("not-sent"));
		assertThat(waiting.path("status").asText()).isEqualTo("SUBMITTING");
		assertThat(waiting.at("/reason/message").asText()).isNotBlank().doesNotContain(this.mediaUrl);
		patiently().until(() -> this.jdbc.sql("select tries from job where request_id = :id")
			.param("id", this.id)
			.query(Integer.class)
			.single() >= 2);
		assertThat(posts()).isEmpty();
		assertThat(parse(get("/jobs?status=UNCONFIRMED").body()).path("jobs")).isEmpty();
		wire.mend();
		await("SUCCEEDED");
		assertThat(posts()).hasSize(1);
	}

	/** An error that the table does not list may have taken it. */
	@Test
	void doesNotSubmitAgainAfterAnErrorThatMayBeAnything() {
		replies.put(this.mediaUrl, List.of(Reply.status(502)));
		submit("plain");
		await("UNCONFIRMED");
		assertThat(posts()).hasSize(1);
		assertThat(post(path() + "/abandon", "").statusCode()).isEqualTo(200);
	}

	private void assertGrowingWaits() {
		List<Duration> waits = IntStream.range(1, posts().size())
			.mapToObj((index) -> Duration.between(posts().get(index - 1).time(), posts().get(index).time()))
			.toList();
		assertThat(waits.get(0)).isGreaterThanOrEqualTo(Duration.ofMillis(900));
		assertThat(waits.get(1)).isGreaterThanOrEqualTo(Duration.ofMillis(1900));
	}

	private void submit(String provider) {
		assertThat(post("/jobs",
				"{'provider':'%s','mediaUrl':'%s','requestId':'%s'}".formatted(provider, this.mediaUrl, this.id)
					.replace('\'', '"'))
			.statusCode()).isEqualTo(202);
	}

	/** It is never unconfirmed on its way. */
	private JsonNode await(String status) {
		return patiently().until(() -> {
			JsonNode job = shown();
			assertThat(job.path("status").asText()).isNotEqualTo(status.equals("UNCONFIRMED") ? "" : "UNCONFIRMED");
			return job;
		}, (job) -> job.path("status").asText().equals(status));
	}

	private String path() {
		return "/requests/" + this.id.replace("/", "%2F").replace("ü", "%C3%BC");
	}

	private JsonNode shown() {
		return parse(get(path()).body());
	}

	private List<String> jobs() {
		return parse(get("/jobs?requestId=" + this.id.replace("ü", "%C3%BC")).body()).path("jobs")
			.findValuesAsText("jobId");
	}

	private List<Request> posts() {
		return api.requests()
			.stream()
			.filter((request) -> request.method().equals("POST") && request.text().contains(this.mediaUrl))
			.toList();
	}

}
