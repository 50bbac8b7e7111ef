package io.vedette.http;

import java.net.http.HttpRequest.BodyPublishers;

import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import io.vedette.standin.WebhookStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Whoever turns on all debug output for an hour leaves no secret in the log. */
@TestPropertySource(properties = { "logging.level.root=debug",
		"vedette.targets.hook.secret=whsec_czNjcjN0LXdlYmhvb2sta2V5LTAxMjM0NTY3ODk=",
		"vedette.intake-token=s3cr3t-token" })
@ExtendWith(OutputCaptureExtension.class)
@DirtiesContext
class DebugLogTest extends RunningVedette {

	private static final WebhookStandIn others = new WebhookStandIn();

	@DynamicPropertySource
	static void connectHook(DynamicPropertyRegistry registry) {
		registry.add("vedette.targets.hook.uri", () -> others.url() + "/s3cr3t-path");
	}

	@AfterAll
	static void close() {
		others.close();
	}

	@Test
	void printsNoKeyNoTokenAndNoPicture(CapturedOutput output) {
		String id = newId("debug");
		others.answers(Reply.status(302).header("location", "/s3cr3t-moved.png"), Reply.status(404));
		standIn.akool(id).withFacesAt(others.baseUrl() + "/s3cr3t-face.png?s3cr3t-signature");
		String body = "{\"provider\":\"akool\",\"jobId\":\"%s\"}".formatted(id);
		assertThat(send(request("/jobs").header("content-type", "application/json")
			.header("authorization", "Bearer s3cr3t-token")
			.POST(BodyPublishers.ofString(body))).statusCode()).isEqualTo(202);
		patiently().until(() -> others.requests().size() >= 4);
		patiently().until(() -> send(request("/jobs/akool/" + id).header("authorization", "Bearer s3cr3t-token")).body()
			.contains("DELIVERED"));
		assertThat(output.getAll()).contains("DEBUG")
			.doesNotContain("s3cr3t", standIn.key("akool"), "czNjcjN0LXdlYmhvb2sta2V5");
	}

}
