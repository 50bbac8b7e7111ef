package io.vedette.api;

import java.io.IOException;
import java.net.http.HttpResponse;

import io.vedette.RunningVedette;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** A token without name or role: without it nobody is served, from wherever. */
@TestPropertySource(properties = "vedette.intake-token=let-me-in")
class IntakeTokenTest extends RunningVedette {

	@Test
	void refusesACallerWithoutTheToken() {
		assertRefused(get("/jobs"));
		assertRefused(post("/jobs", "{\"provider\":\"crun\",\"jobId\":\"not-taken\"}"));
		assertRefused(delete("/jobs/crun/not-taken"));
		assertRefused(post("/deliveries/replay", "{}"));
		assertRefused(get("/actuator/prometheus"));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "Bearer let-me-i", "Bearer let-me-in2", "Bearer ", "Bearer", "let-me-in", "Basic let-me-in" })
	void refusesACallerWithAnotherToken(String header) {
		assertRefused(send(request("/jobs").header("authorization", header).GET()));
	}

	@Test
	void servesTheBearerAlsoBehindAProxy() {
		assertThat(send(request("/jobs").header("authorization", "bearer let-me-in")
			.header("x-forwarded-for", "192.0.2.1")
			.GET()).statusCode()).isEqualTo(200);
	}

	@Test
	void servesTheBearerFromAnywhere() {
		assertThat(send(request("/jobs").header("authorization", "Bearer let-me-in")
			.header("origin", "http://crm.example")
			.header("sec-fetch-site", "cross-site")
			.GET()).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/health/liveness", "/actuator/health/readiness" })
	void answersAProbeWithoutTheToken(String path) {
		assertThat(get(path).body()).isEqualTo("{\"status\":\"UP\"}");
		assertRefused(get("/actuator/health"));
	}

	@Test
	void cutsOffWhoSendsSlowlyWithoutTheToken() throws IOException {
		int port = request("/").build().uri().getPort();
		try (SlowCallers slow = SlowCallers.withLength(300, port, "")) {
			SlowCallers.awaitEnd(() -> get("/actuator/health/liveness").statusCode() == 200, slow);
			slow.assertMostWereTold("HTTP/1.1 401");
		}
	}

	private static void assertRefused(HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer");
		assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
		assertThat(response.body()).doesNotContain("let-me-in");
	}

}
