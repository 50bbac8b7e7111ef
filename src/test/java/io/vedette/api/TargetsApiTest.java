package io.vedette.api;

import java.time.Instant;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.WebhookStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A target that stays away: with its retry schedule it is paused after a moment, and
 * tried for an hour.
 */
@Tag("store")
@TestPropertySource(properties = { "vedette.targets.away.secret=whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXM=",
		"vedette.targets.away.retry=100ms,100ms,100ms,1h" })
class TargetsApiTest extends RunningVedette {

	private static final WebhookStandIn away = new WebhookStandIn();

	@DynamicPropertySource
	static void addTarget(DynamicPropertyRegistry registry) {
		registry.add("vedette.targets.away.uri", away::url);
	}

	@AfterAll
	static void close() {
		away.close();
	}

	@Test
	void showsHowATargetIsAndWhatWaitsForIt() {
		away.answers(410);
		String dead = newId("dead");
		standIn.crun(dead).withFaces(1);
		watch("crun", dead);
		assertThat(target("away").path("dead").asInt()).isEqualTo(2);

		Instant begin = Instant.now();
		away.answers(503);
		String late = newId("late");
		standIn.crun(late).withFaces(11);
		register("crun", late);
		patiently().untilAsserted(() -> assertThat(target("away").path("state").asText()).isEqualTo("paused"));
		JsonNode shown = target("away");
		assertThat(shown.path("kind").asText()).isEqualTo("webhook");
		assertThat(shown.path("reason").asText()).isEqualTo("HTTP 503");
		assertThat(shown.path("pending").asInt()).isEqualTo(12);
		assertThat(Instant.parse(shown.path("oldestDueAt").asText())).isAfter(begin.minusSeconds(1));
		assertThat(health("away")).isEqualTo("paused: HTTP 503");
		assertThat(get("/actuator/health").statusCode()).isEqualTo(200);

		patiently().untilAsserted(() -> assertThat(target("files").path("pending").asInt()).isZero());
		JsonNode files = target("files");
		assertThat(files.fieldNames()).toIterable()
			.containsExactlyInAnyOrder("target", "kind", "state", "reason", "queued", "pending", "dead", "oldestDueAt");
		assertThat(files.path("kind").asText()).isEqualTo("files");
		assertThat(files.path("state").asText()).isEqualTo("open");
		assertThat(files.get("reason").isNull()).isTrue();
		assertThat(files.get("oldestDueAt").isNull()).isTrue();
		assertThat(health("files")).isEqualTo("open");
		assertThat(delete("/jobs/crun/" + late).statusCode()).isEqualTo(204);
	}

	@Test
	void refusesAQuery() {
		assertThat(get("/targets?target=files").statusCode()).isEqualTo(400);
	}

	private JsonNode target(String name) {
		for (JsonNode target : parse(get("/targets").body()).path("targets")) {
			if (target.path("target").asText().equals(name)) {
				return target;
			}
		}
		throw new AssertionError("no target " + name + " in GET /targets");
	}

	private String health(String target) {
		return parse(get("/actuator/health").body()).at("/components/targets/details/" + target).asText();
	}

}
