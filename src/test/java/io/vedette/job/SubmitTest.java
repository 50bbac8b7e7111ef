package io.vedette.job;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.provider.Provider;
import io.vedette.provider.Providers;
import io.vedette.standin.Reply;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** A media URL goes in, faces come out, and nobody pays twice. */
@Tag("store")
class SubmitTest extends RunningVedette {

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private Submitter submitter;

	@Autowired
	private Providers providers;

	@Autowired
	private CamelContext camel;

	@Autowired
	@Qualifier("apiKey")
	private Expression apiKey;

	private static String media(String name) {
		return "https://media.example.com/" + newId(name) + ".png?sig=%20a";
	}

	private static String request(String provider, String mediaUrl, String requestId) {
		return "{'provider':'%s','mediaUrl':'%s','requestId':'%s','reference':'r'}"
			.formatted(provider, mediaUrl, requestId)
			.replace('\'', '"');
	}

	private JsonNode awaitStatus(String requestId, String status) {
		return patiently().atMost(Duration.ofSeconds(25))
			.until(() -> byRequest(requestId), (job) -> job.path("status").asText().equals(status));
	}

	private JsonNode byRequest(String requestId) {
		HttpResponse<String> answer = get("/requests/" + requestId);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		return parse(answer.body());
	}

	@ParameterizedTest
	@CsvSource({ "akool", "crun" })
	void submitsAMediaUrlAndHandsOnItsFaces(String provider) {
		String mediaUrl = media("face");
		String id = newId("request");
		HttpResponse<String> taken = post("/jobs", request(provider, mediaUrl, id));
		assertThat(taken.statusCode()).isEqualTo(202);
		assertThat(taken.headers().firstValue("location")).contains("/requests/" + id);
		assertThat(parse(taken.body()).path("status").asText()).isEqualTo("SUBMITTING");
		assertThat(parse(taken.body()).path("jobId").isNull()).isTrue();
		JsonNode job = awaitStatus(id, "SUCCEEDED");
		String jobId = job.path("jobId").asText();
		assertThat(standIn.submissions(mediaUrl)).containsExactly(jobId);
		assertThat(parse(get("/jobs?requestId=" + id).body()).at("/jobs/0/jobId").asText()).isEqualTo(jobId);
		awaitEnd(provider, jobId);
		List<JsonNode> events = events(provider, jobId);
		assertThat(events).hasSize(2).allSatisfy((event) -> {
			assertThat(event.at("/data/requestId").asText()).isEqualTo(id);
			assertThat(event.at("/data/mediaUrl").asText()).isEqualTo(mediaUrl);
			assertThat(event.at("/data/reference").asText()).isEqualTo("r");
		});
		assertThat(standIn.faults()).isEmpty();
	}

	@Test
	void takesARequestOnceHoweverOftenItIsSent() {
		String mediaUrl = media("once");
		String id = newId("request");
		assertThat(post("/jobs", request("akool", mediaUrl, id)).statusCode()).isEqualTo(202);
		assertThat(post("/jobs", request("akool", mediaUrl, id)).statusCode()).isEqualTo(200);
		HttpResponse<String> other = post("/jobs", request("akool", media("other"), id));
		assertThat(other.statusCode()).isEqualTo(409);
		assertThat(other.body()).contains("requestId", "known, with another provider or mediaUrl");
		awaitStatus(id, "SUCCEEDED");
		assertThat(post("/jobs", request("akool", mediaUrl, id)).statusCode()).isEqualTo(200);
		assertThat(standIn.submissions(mediaUrl)).hasSize(1);
	}

	@Test
	void takesTheHeaderForAnId() {
		String mediaUrl = media("header");
		String key = UUID.randomUUID().toString();
		String body = "{\"provider\":\"crun\",\"mediaUrl\":\"%s\"}".formatted(mediaUrl);
		for (int status : new int[] { 202, 200 }) {
			HttpResponse<String> taken = send(request("/jobs").header("content-type", "application/json")
				.header("Idempotency-Key", '"' + key + '"')
				.POST(BodyPublishers.ofString(body)));
			assertThat(taken.statusCode()).as(taken.body()).isEqualTo(status);
		}
		assertThat(awaitStatus(key, "SUCCEEDED").path("mediaUrl").asText()).isEqualTo(mediaUrl);
		assertThat(standIn.submissions(mediaUrl)).hasSize(1);
	}

	@Test
	void submitsTheRowsOfAFileOnceAlsoIfItIsReadTwice() throws IOException {
		String first = media("csv");
		String second = media("csv");
		Path file = Files.createTempFile(this.data, "media", ".csv");
		Files.writeString(file,
				"provider,mediaUrl,requestId\nakool,%s,\ncrun,%s,\nakool,ftp://x/y.png,\n".formatted(first, second));
		Path inbox = this.data.resolve("inbox/media.csv");
		for (int i = 0; i < 2; i++) {
			Files.copy(file, inbox, StandardCopyOption.COPY_ATTRIBUTES);
			patiently().until(() -> !Files.exists(inbox));
		}
		patiently().until(() -> standIn.submissions(first).size() + standIn.submissions(second).size() >= 2);
		patiently().until(() -> rejected().contains("ftp://x/y.png"));
		assertThat(rejected()).contains("mediaUrl: no http:// or https:// at its begin");
		assertThat(standIn.submissions(first)).hasSize(1);
		assertThat(standIn.submissions(second)).hasSize(1);
	}

	private String rejected() throws IOException {
		StringBuilder text = new StringBuilder();
		try (Stream<Path> files = Files.list(this.data.resolve("rejected"))) {
			for (Path file : files.toList()) {
				text.append(Files.readString(file));
			}
		}
		return text.toString();
	}

	@Test
	void settlesWhatTheProviderWillNotTakeAsFailed() {
		String mediaUrl = media("bad");
		String id = newId("request");
		standIn.submitting(mediaUrl, Reply.json("{\"code\":1003,\"msg\":\"Parameter error\"}"));
		post("/jobs", request("akool", mediaUrl, id));
		JsonNode job = awaitStatus(id, "FAILED");
		assertThat(job.at("/reason/code").asText()).isEqualTo("1003");
		assertThat(job.at("/reason/message").asText()).isEqualTo("Parameter error");
		assertThat(job.path("jobId").isNull()).isTrue();
		assertThat(standIn.submissions(mediaUrl)).hasSize(1);
		patiently().until(() -> requestEvents("akool", id).size() == 1);
		assertThat(requestEvents("akool", id)).singleElement().satisfies((event) -> {
			assertThat(event.path("id").asText()).isEqualTo("akool:request:" + id + ":job");
			assertThat(event.path("type").asText()).isEqualTo("vedette.job.failed");
			assertThat(event.at("/data/jobId").isNull()).isTrue();
		});
		assertThat(delete("/requests/" + id).statusCode()).isEqualTo(204);
		assertThat(get("/requests/" + id).statusCode()).isEqualTo(404);
		assertThat(requestEvents("akool", id)).isEmpty();
	}

	private List<JsonNode> requestEvents(String provider, String requestId) {
		return events(provider, "null").stream()
			.filter((event) -> event.at("/data/requestId").asText().equals(requestId))
			.toList();
	}

	static Stream<Arguments> triesAgain() {
		return Stream.of(Arguments.of(Reply.status(429).header("retry-after", "1")),
				Arguments.of(Reply.json("{\"code\":1005,\"msg\":\"Frequent operation\"}")));
	}

	@ParameterizedTest
	@MethodSource("triesAgain")
	void submitsAgainWhatWasSurelyNotTaken(Reply refusal) {
		String mediaUrl = media("again");
		String id = newId("request");
		standIn.submitting(mediaUrl, refusal, null);
		post("/jobs", request("akool", mediaUrl, id));
		awaitStatus(id, "SUCCEEDED");
		assertThat(standIn.submissions(mediaUrl)).hasSize(2).first().isEqualTo("none");
	}

	static Stream<Arguments> unknown() {
		return Stream.of(Arguments.of("a cut connection", Reply.reset(), "no-answer"),
				Arguments.of("half a reply", Reply.truncated(), "no-answer"),
				Arguments.of("no id", Reply.json("{\"code\":1000,\"data\":{}}"), "no-answer"),
				Arguments.of("a page", Reply.html("<html>busy</html>"), "no-answer"),
				Arguments.of("an error of a proxy", Reply.html("<html>bad gateway</html>").withStatus(502), "502"),
				Arguments.of("a redirect", Reply.status(302).header("location", "https://example.com"), "302"),
				Arguments.of("an unknown code", Reply.json("{\"code\":4711,\"msg\":\"?\"}"), "4711"),
				Arguments.of("too much", Reply.big(5 << 20), "no-answer"), Arguments.of("an id that can't be one",
						Reply.json("{\"code\":1000,\"data\":{\"_id\":\"a\\nb\"}}"), "no-answer"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("unknown")
	void neverSubmitsAgainByItselfWhatMayHaveBeenTaken(String name, Reply reply, String code) throws Exception {
		String mediaUrl = media("unknown");
		String id = newId("request");
		standIn.submitting(mediaUrl, reply);
		post("/jobs", request("akool", mediaUrl, id));
		JsonNode job = awaitStatus(id, "UNCONFIRMED");
		assertThat(job.at("/reason/code").asText()).isEqualTo(code);
		assertThat(job.at("/reason/message").asText()).isNotBlank().doesNotContain(mediaUrl);
		assertThat(parse(get("/jobs?status=UNCONFIRMED").body()).path("jobs").findValuesAsText("requestId"))
			.contains(id);
		assertThat(standIn.submissions(mediaUrl)).hasSize(1);
		assertThat(post("/requests/" + id + "/abandon", "").statusCode()).isEqualTo(200);
		// For others: a success ends the pause that follows several of them.
		String good = newId("request");
		post("/jobs", request("akool", media("good"), good));
		awaitStatus(good, "SUCCEEDED");
		assertThat(standIn.submissions(mediaUrl)).hasSize(1);
	}

	@Test
	void letsAPersonDecide() {
		String mediaUrl = media("decide");
		String id = newId("request");
		standIn.submitting(mediaUrl, Reply.reset(), Reply.reset(), null);
		post("/jobs", request("crun", mediaUrl, id));
		awaitStatus(id, "UNCONFIRMED");
		assertThat(post("/requests/" + id + "/submit-again", "").statusCode()).isEqualTo(200);
		patiently().until(() -> standIn.submissions(mediaUrl).size() == 2);
		awaitStatus(id, "UNCONFIRMED");
		String jobId = newId("found");
		standIn.crun(jobId).withFaces(2);
		assertThat(post("/requests/" + id + "/attach", "{}").statusCode()).isEqualTo(400);
		assertThat(post("/requests/" + id + "/attach", "{\"jobId\":\"" + jobId + "\"}").statusCode()).isEqualTo(200);
		assertThat(awaitStatus(id, "SUCCEEDED").path("jobId").asText()).isEqualTo(jobId);
		assertThat(post("/requests/" + id + "/submit-again", "").statusCode()).isEqualTo(409);
		assertThat(post("/requests/" + id + "/abandon", "").statusCode()).isEqualTo(409);
		assertThat(post("/requests/nobody/abandon", "").statusCode()).isEqualTo(404);
		assertThat(get("/audit").body()).contains("submit-again", "attach", "crun, request " + id);
		assertThat(standIn.submissions(mediaUrl)).hasSize(2);
	}

	@Test
	void refusesAnIdThatIsAnotherJobs() {
		String known = newId("known");
		standIn.akool(known).finishesAfter(Duration.ofMinutes(5));
		register("akool", known);
		String mediaUrl = media("known");
		String id = newId("request");
		standIn.submitting(mediaUrl, Reply.json("{\"code\":1000,\"data\":{\"_id\":\"" + known + "\"}}"));
		post("/jobs", request("akool", mediaUrl, id));
		assertThat(awaitStatus(id, "UNCONFIRMED").at("/reason/code").asText()).isEqualTo("known-id");
		assertThat(post("/requests/" + id + "/attach", "{\"jobId\":\"" + known + "\"}").statusCode()).isEqualTo(409);
		assertThat(post("/requests/" + id + "/abandon", "").statusCode()).isEqualTo(200);
		assertThat(byRequest(id).path("status").asText()).isEqualTo("ABANDONED");
		assertThat(delete("/requests/" + id).statusCode()).isEqualTo(204);
		delete("/jobs/akool/" + known);
	}

	@Test
	void asksWhoHasSentWhatADeadNodeLeft() {
		String mediaUrl = media("dead");
		String id = newId("request");
		this.jdbc
			.sql("""
					insert into job (provider, media_url, status, owner, registered_at, request_id, sent_at, due_at)
					values ('akool', :url, 'SUBMITTING', (select min(id) from node), current_timestamp, :id, current_timestamp, current_timestamp)
					""")
			.param("url", mediaUrl)
			.param("id", id)
			.update();
		assertThat(awaitStatus(id, "UNCONFIRMED").at("/reason/code").asText()).isEqualTo("node-lost");
		assertThat(standIn.submissions(mediaUrl)).isEmpty();
		assertThat(post("/requests/" + id + "/submit-again", "").statusCode()).isEqualTo(200);
		awaitStatus(id, "SUCCEEDED");
		assertThat(standIn.submissions(mediaUrl)).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			ftp://example.com/a.png               | no http:// or https:// at its begin
			//example.com/a.png                   | no http:// or https:// at its begin
			https://me:pw@example.com/a.png       | a user or password
			https://example.com/a b.png           | holds blanks
			https:///a.png                        | no host
			http://localhost/a.png                | a host that the provider can't reach
			http://intranet/a.png                 | a host that the provider can't reach
			http://nas.local/a.png                | a host that the provider can't reach
			http://10.0.0.1/a.png                 | a host that the provider can't reach
			http://127.1/a.png                    | not a legal host name
			http://[::1]/a.png                    | a host that the provider can't reach
			http://169.254.169.254/a.png          | a host that the provider can't reach
			https://example.com:99999/a.png       | port 99999
			""")
	void saysWhatIsWrongWithAMediaUrl(String mediaUrl, String problem) {
		HttpResponse<String> answer = post("/jobs", request("crun", mediaUrl, newId("request")));
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(answer.body()).contains("mediaUrl: ", problem, "Correct it");
	}

	@Test
	void saysWhatIsWrongWithARequest() {
		assertThat(post("/jobs", request("crun", "https://example.com/" + "a".repeat(8192), "x")).body())
			.contains("8212 characters; expected 0-8192");
		assertThat(post("/jobs",
				"{\"provider\":\"crun\",\"jobId\":\"a\",\"mediaUrl\":\"https://example.com/a.png\",\"requestId\":\"x\"}")
			.body()).contains("requestId: beside a jobId");
		assertThat(post("/jobs", "{\"provider\":\"crun\"}").body()).contains("jobId: missing", "mediaUrl to submit");
		HttpResponse<String> array = send(request("/jobs").header("content-type", "application/json")
			.header("Idempotency-Key", "k")
			.POST(BodyPublishers.ofString("[]")));
		assertThat(array.statusCode()).isEqualTo(400);
		assertThat(array.body()).contains("beside an array");
	}

	/** A job that ends has others submitted, which may be another provider's. */
	@Test
	void showsNoProviderTheKeyOfAnother() {
		Exchange exchange = new DefaultExchange(this.camel);
		exchange.setVariable("watch", sender("crun"));
		exchange.setVariable("sender", sender("akool"));
		assertThat(this.apiKey.evaluate(exchange, String.class)).isEqualTo(standIn.key("akool"));
	}

	private Sender sender(String name) {
		Provider provider = this.providers.get(name);
		return new Sender(provider, provider.account("default"), Instant.now());
	}

}
