package io.vedette.api;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;

import io.vedette.RunningVedette;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Several tokens, each with a name and a role. */
@TestPropertySource(properties = { "vedette.intake-token=old-key", "vedette.intake-tokens.alice.token=of-alice",
		"vedette.intake-tokens.bob.token=of-bob", "vedette.intake-tokens.bob.role=operate" })
class RolesTest extends RunningVedette {

	@ParameterizedTest
	@CsvSource({ "GET,/jobs,of-alice,200", "GET,/audit,of-alice,200", "POST,/jobs,of-alice,403",
			"DELETE,/jobs/crun/x,of-alice,403", "POST,/deliveries/replay,of-alice,403",
			"POST,/targets/files/pause,of-alice,403", "GET,/jobs,of-bob,200", "POST,/jobs,of-bob,400",
			"DELETE,/jobs/crun/x,of-bob,404", "POST,/jobs,old-key,400", "GET,/jobs,of-carol,401", "GET,/jobs,,401",
			"GET,/schemas/vedette.face.detected.json,of-carol,200", "GET,/schemas/../jobs,of-carol,401",
			"POST,/jobs,of-carol,401" })
	void servesEachTokenByItsRole(String method, String path, String token, int status) {
		HttpResponse<String> answer = call(method, path, token);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
		assertThat(answer.body()).doesNotContain("of-", "old-key");
		if (status == 403) {
			assertThat(parse(answer.body()).path("detail").asText()).contains("the token \"alice\" has the role read",
					"vedette.intake-tokens.alice.role");
		}
	}

	@Test
	void writesDownWhoHasOrdered() {
		assertThat(call("POST", "/targets/files/pause", "of-bob").statusCode()).isEqualTo(200);
		assertThat(call("POST", "/targets/files/resume", "old-key").statusCode()).isEqualTo(200);
		assertThat(parse(call("GET", "/audit?limit=2", "of-alice").body()).path("audit").findValuesAsText("who"))
			.containsExactly("intake-token", "bob");
	}

	private HttpResponse<String> call(String method, String path, String token) {
		return send(request(path).header("authorization", "Bearer " + token)
			.header("content-type", "application/json")
			.method(method, method.equals("POST") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody()));
	}

}
