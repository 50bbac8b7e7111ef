package io.vedette.api;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.provider.Answer;
import io.vedette.provider.AnswerClass;
import io.vedette.provider.Providers;
import io.vedette.provider.Reason;
import io.vedette.schedule.SteadyClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

class ProvidersApiTest extends RunningVedette {

	@Autowired
	private Providers providers;

	@Autowired
	private SteadyClock clock;

	@AfterEach
	void openTheGate() {
		hear(Answer.of(AnswerClass.PENDING, null, Duration.ZERO));
	}

	@Test
	void showsHowAProviderIsAsked() {
		String id = newId("shown");
		standIn.crun(id);
		// Other tests may have left jobs behind, which go on until max-wait.
		patiently().atMost(Duration.ofMinutes(2)).until(() -> crun().path("watching").asLong() == 0);
		register("crun", id);
		awaitPolls("crun", id, 1);
		JsonNode shown = crun();
		assertThat(shown.path("polling").asText()).isEqualTo("learned");
		assertThat(shown.path("rateLimit").asText()).isEqualTo("10000/1s");
		assertThat(shown.path("share").asDouble()).isPositive();
		assertThat(shown.path("used").asInt()).isPositive();
		assertThat(shown.path("watching").asLong()).isEqualTo(1);
		assertThat(shown.get("pause").isNull()).isTrue();
		assertThat(shown.at("/schedule/ages")).hasSize(20);
		assertThat(shown.at("/schedule/ages/0").asDouble()).isPositive();
		assertThat(shown.has("learned")).isTrue();
		assertThat(shown.path("accounts")).hasSize(1);
		JsonNode account = shown.at("/accounts/0");
		assertThat(account.path("account").asText()).isEqualTo("default");
		assertThat(account.path("keySet").asBoolean()).isTrue();
		assertThat(account.path("watching").asLong()).isEqualTo(1);
		assertThat(delete("/jobs/crun/" + id).statusCode()).isEqualTo(204);
	}

	@Test
	void showsThatAProviderRefusesTheKey() {
		assertThat(get("/actuator/health").statusCode()).isEqualTo(200);
		hear(Answer.of(AnswerClass.REFUSED, new Reason("401", "no such key"), Duration.ZERO));
		JsonNode pause = crun().path("pause");
		assertThat(pause.path("cause").asText()).isEqualTo("refused");
		assertThat(pause.at("/reason/message").asText()).isEqualTo("no such key");
		assertThat(Instant.parse(pause.path("until").asText())).isBetween(Instant.now().plusSeconds(50),
				Instant.now().plusSeconds(61));
		HttpResponse<String> health = get("/actuator/health");
		assertThat(health.statusCode()).isEqualTo(503);
		assertThat(parse(health.body()).path("status").asText()).isEqualTo("DOWN");
		assertThat(parse(health.body()).at("/components/providers/details/crun").asText()).isEqualTo("refused");
		assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
		assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);
	}

	private void hear(Answer answer) {
		this.providers.get("crun").account("default").poll((now) -> 1).hear(answer, this.clock.instant());
	}

	private JsonNode crun() {
		for (JsonNode provider : parse(get("/providers").body()).path("providers")) {
			if (provider.path("provider").asText().equals("crun")) {
				return provider;
			}
		}
		throw new AssertionError("no crun in GET /providers");
	}

}
