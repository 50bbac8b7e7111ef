package io.vedette.api;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.vedette.RunningVedette;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Who is let in without a token, and what the replies and the log tell. */
@ExtendWith(OutputCaptureExtension.class)
class DoorTest extends RunningVedette {

	private static final String MARK = "echo-7f";

	/** All that a reply may bear. */
	private static final Set<String> HEADERS = Set.of("x-content-type-options", "content-security-policy",
			"referrer-policy", "accept-ranges", "cache-control", "content-type", "content-length", "transfer-encoding",
			"connection", "date", "location", "allow", "accept", "accept-patch", "retry-after", "www-authenticate");

	@AfterEach
	void noCallerLeavesATraceInTheLog(CapturedOutput output) {
		assertThat(output.toString()).doesNotContain("\tat org.apache.", "\tat io.vedette.", "\tat org.spring");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			GET     | /jobs?limit=1                    | -                                   | 200
			GET     | /jobs?limit=1&echo-7f=echo-7f    | -                                   | 400
			GET     | /jobs?provider=echo-7f           | -                                   | 200
			GET     | /jobs?status=echo-7f             | -                                   | 400
			GET     | /jobs/crun/door-echo             | -                                   | 200
			GET     | /jobs/crun/echo-7f               | -                                   | 404
			DELETE  | /jobs/echo-7f/echo-7f            | -                                   | 404
			POST    | /jobs                            | {"provider":"crun","jobId":"door"}  | 202
			POST    | /jobs                            | {"provider":"echo-7f","jobId":"x"}  | 400
			POST    | /jobs                            | [{"echo-7f":"echo-7f"}]             | 400
			GET     | /deliveries?limit=1              | -                                   | 200
			GET     | /deliveries?target=echo-7f       | -                                   | 200
			POST    | /deliveries/replay               | {"ids":[999999999]}                 | 200
			POST    | /deliveries/replay               | {"target":"echo-7f"}                | 400
			GET     | /providers                       | -                                   | 200
			GET     | /targets                         | -                                   | 200
			GET     | /targets?echo-7f=echo-7f         | -                                   | 400
			GET     | /actuator/health/liveness        | -                                   | 200
			GET     | /actuator/health/readiness       | -                                   | 200
			GET     | /actuator/prometheus             | -                                   | 406
			GET     | /v3/api-docs                     | -                                   | 200
			GET     | /swagger-ui.html                 | -                                   | 302
			GET     | /swagger-ui/index.html           | -                                   | 200
			GET     | /swagger-ui/echo-7f              | -                                   | 404
			GET     | /v3/api-docs/swagger-config      | -                                   | 200
			GET     | /actuator/echo-7f                | -                                   | 404
			GET     | /echo-7f                         | -                                   | 404
			GET     | /error                           | -                                   | 404
			PUT     | /jobs                            | {"echo-7f":1}                       | 405
			OPTIONS | /jobs                            | -                                   | 200
			ECHO-7F | /jobs                            | -                                   | 405
			""")
	void noReplyBearsAHeaderOfTheRequest(String method, String path, String body, int status) {
		if (path.endsWith("door-echo")) {
			register("crun", "door-echo");
		}
		if (path.equals("/jobs") && status == 202) {
			delete("/jobs/crun/door");
		}
		BodyPublisher publisher = (body != null) ? BodyPublishers.ofString(body) : BodyPublishers.noBody();
		HttpResponse<String> response = send(request(path).header("content-type", "application/json;x=" + MARK)
			.header("accept", "application/json;x=" + MARK)
			.header("access-control-allow-origin", MARK)
			.header(MARK, MARK)
			.header("authorization", "Bearer " + MARK)
			.method(method, publisher));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(response.headers().map().keySet()).isSubsetOf(HEADERS);
		assertThat(response.headers().map().toString()).doesNotContain(MARK);
		assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
		assertThat(response.headers().firstValue("cache-control")).contains("no-store");
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "LOCALHOST:8080", "127.0.0.1", "[::1]:1" })
	void servesWhoCallsThisMachineByItsOwnName(String host) {
		assertThat(call("GET /jobs?limit=1 HTTP/1.1\nHost: " + host + "\n")).startsWith("HTTP/1.1 200");
	}

	@ParameterizedTest
	@ValueSource(strings = { "evil.example", "localhost.evil.example", "evil.example:8080", "127.0.0.1.evil.example",
			"192.0.2.1", "localhost@evil.example", "0.0.0.0" })
	void refusesANameThatSomebodyElseGaveThisMachine(String host) {
		String reply = call("GET /jobs HTTP/1.1\nHost: " + host + "\n");
		assertThat(reply).containsPattern("^HTTP/1.1 40[03]").doesNotContain("\"jobs\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Origin: http://evil.example", "Origin: null", "Origin: http://localhost:3000",
			"Origin: https://localhost", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site" })
	void refusesAPageOfSomebodyElse(String header) {
		String reply = call("GET /jobs HTTP/1.1\nHost: localhost\n" + header + "\n");
		assertThat(reply).startsWith("HTTP/1.1 403").contains("Origin: another web page", "Connection: close");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Origin: http://localhost", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none" })
	void servesAPageOfItsOwn(String header) {
		assertThat(call("GET /jobs?limit=1 HTTP/1.1\nHost: localhost\n" + header + "\n")).startsWith("HTTP/1.1 200");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Proto", "Forwarded", "Via", "X-Real-IP" })
	void servesNobodyBehindAProxy(String header) {
		assertThat(call("GET /jobs HTTP/1.1\nHost: localhost\n" + header + ": 192.0.2.1\n")).startsWith("HTTP/1.1 403")
			.contains("vedette.intake-token");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			GET /jobs HTTP/1.1~                                                    | 400
			GET /jobs HTTP/1.0~                                                    | 403
			GET /jobs HTTP/1.1~Host: localhost~Host: evil.example~                 | 400
			GET http://evil.example/jobs HTTP/1.1~Host: localhost~                 | 400
			GET http://evil.example/jobs HTTP/1.1~Host: evil.example~              | 403
			FOO /jobs HTTP/1.1~Host: localhost~                                    | 405
			TRACE /jobs?x=1 HTTP/1.1~Host: localhost~                                | 405
			GET /jobs/crun/.. HTTP/1.1~Host: localhost~                            | 404
			GET /jobs/crun/%2e%2e HTTP/1.1~Host: localhost~                        | 404
			GET /jobs/crun/..%2F..%2Fetc HTTP/1.1~Host: localhost~                 | 404
			GET /../../etc/passwd HTTP/1.1~Host: localhost~                        | 400
			GET // HTTP/1.1~Host: localhost~                                       | 404
			GET /jobs/crun/a%00b HTTP/1.1~Host: localhost~                         | 400
			GET /jobs/crun/%zz HTTP/1.1~Host: localhost~                           | 400
			GET /jobs?limit=%zz HTTP/1.1~Host: localhost~                          | 400
			GET /jobs?limit=1&limit=2 HTTP/1.1~Host: localhost~                    | 400
			POST /jobs HTTP/1.1~Host: localhost~Content-Length: 2~                 | 415
			POST /jobs/crun/..%2F.. HTTP/1.1~Host: localhost~Content-Type: application/json~Content-Length: 2~ | 405
			GET /jobs HTTP/1.1~Host: localhost~Content-Type: text/plain~Content-Length: 2~                     | 415
			""")
	void answersWhatNoClientSendsWithoutAFaultOfItsOwn(String head, int status) {
		String body = head.contains("Content-Length") ? "{}" : "";
		String reply = call(head.replace('~', '\n'), body);
		assertThat(reply).startsWith("HTTP/1.1 " + status).doesNotContain("Exception", "at io.", "at org.");
	}

	@Test
	void refusesChunksThatAreNone() {
		assertThat(call("POST /jobs HTTP/1.1\nHost: localhost\nContent-Type: application/json\n"
				+ "Transfer-Encoding: chunked\n", "zz\r\n{}\r\n0\r\n\r\n"))
			.startsWith("HTTP/1.1 400")
			.doesNotContain("Exception");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /jobs HTTP/1.1\nHost: localhost\nX-Long: %s\n", "GET /jobs/crun/%s HTTP/1.1\n" })
	void refusesAHeadOfTwoHundredKilobytes(String head) throws IOException {
		try (RawCall call = RawCall.open(port(), head.formatted("a".repeat(200_000)))) {
			patiently().until(() -> !call.sends("a"));
			// What was answered may be lost where it was still being sent.
			assertThat(call.reply()).matches("(?s)|HTTP/1.1 400 .*").doesNotContain("Exception");
		}
	}

	@Test
	void isHeldUpByNobodyWhoSendsSlowly() throws IOException {
		try (SlowCallers foreign = SlowCallers.withLength(100, port(), "Origin: http://evil.example\n");
				SlowCallers slow = SlowCallers.withLength(100, port(), "");
				SlowCallers chunked = SlowCallers.withChunks(100, port(), "")) {
			SlowCallers.awaitEnd(this::isServing, foreign, slow, chunked);
			foreign.assertMostWereTold("HTTP/1.1 403");
			slow.assertMostWereTold("HTTP/1.1 408");
			chunked.assertMostWereTold("HTTP/1.1 408");
		}
	}

	private boolean isServing() {
		return send(request("/actuator/health/liveness").timeout(Duration.ofSeconds(10)).GET()).statusCode() == 200
				&& send(request("/jobs?limit=1").timeout(Duration.ofSeconds(10)).GET()).statusCode() == 200;
	}

	@ParameterizedTest
	@ValueSource(strings = { "liveness", "readiness" })
	void answersAnyProbe(String probe) {
		String reply = call("GET /actuator/health/" + probe + " HTTP/1.1\nHost: evil.example\n"
				+ "Origin: http://evil.example\nX-Forwarded-For: 192.0.2.1\n");
		assertThat(reply).startsWith("HTTP/1.1 200").contains("{\"status\":\"UP\"}");
	}

	@Test
	void showsDetailsToWhoMayCall() {
		assertThat(List.of("providers", "db", "serving")).allSatisfy((component) -> assertThat(
				parse(get("/actuator/health").body()).at("/components/" + component + "/status").asText())
			.isNotBlank());
		assertThat(call("GET /actuator/health HTTP/1.1\nHost: evil.example\n")).startsWith("HTTP/1.1 403");
		assertThat(call("GET /actuator/health/liveness/../providers HTTP/1.1\nHost: evil.example\n"))
			.startsWith("HTTP/1.1 403");
	}

	@Test
	void showsMetricsToWhoMayCall() {
		HttpResponse<String> response = send(
				request("/actuator/prometheus").header("accept", "text/plain;version=0.0.4;x=" + MARK).GET());
		assertThat(response.body()).contains("vedette_jobs");
		assertThat(response.headers().map().toString()).doesNotContain(MARK);
		assertThat(call("GET /actuator/prometheus HTTP/1.1\nHost: evil.example\n")).startsWith("HTTP/1.1 403");
	}

	private String call(String head) {
		return call(head, "");
	}

	private String call(String head, String body) {
		return RawCall.reply(port(), head + "Connection: close\n\n" + body);
	}

	private int port() {
		return request("/").build().uri().getPort();
	}

}
