package io.vedette.job;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.provider.Providers;
import io.vedette.schedule.LearnedKinds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** A provider whose jobs have told how long they take is asked less often. */
@TestPropertySource(properties = { "vedette.providers.crun.max-delay=5s", "vedette.providers.crun.target-lag=200ms",
		"vedette.providers.akool.max-delay=5s", "vedette.providers.akool.target-lag=200ms" })
class LearnedPollingTest extends RunningVedette {

	private static final Duration TIME = Duration.ofSeconds(2);

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private Learning learning;

	@Autowired
	private Providers providers;

	@Tag("store")
	@Test
	void asksLessOftenOnceJobsHaveFinished() {
		for (int i = 0; i < 100; i++) {
			storeFinished("crun", TIME.minusMillis(100 + i), TIME.plusMillis(100 - i));
		}
		this.learning.learn("crun");
		assertThat(this.providers.get("crun").learned())
			.hasValueSatisfying((learned) -> assertThat(learned.whole().quantile(0.5)).isBetween(TIME.minusMillis(150),
					TIME.plusMillis(150)));
		String id = newId("learned");
		standIn.crun(id).finishesAfter(TIME).withFaces(0);
		assertThat(watch("crun", id).path("status").asText()).isEqualTo("SUCCEEDED");
		// By back-off it would be ten.
		assertThat(standIn.polls("crun", id)).hasSizeLessThan(5);
	}

	/** By what the request says, else by how the URL of the media ends. */
	@Tag("store")
	@Test
	void asksForEachKindByItsOwnSchedule() {
		for (int i = 0; i < 100; i++) {
			storeFinished("akool", "image", TIME.minusMillis(100 + i), TIME.plusMillis(100 - i));
			storeFinished("akool", "video", TIME.multipliedBy(10).minusMillis(100 + i),
					TIME.multipliedBy(10).plusMillis(100 - i));
		}
		this.learning.learn("akool");
		LearnedKinds learned = this.providers.get("akool").learned().orElseThrow();
		assertThat(learned.kinds().keySet()).containsExactly("image", "video");
		assertThat(learned.of("image").quantile(0.5)).isBetween(TIME.minusMillis(150), TIME.plusMillis(150));
		assertThat(learned.of("gif")).as("a kind of which none has finished").isSameAs(learned.whole());
		JsonNode video = provider("akool").at("/kinds/1");
		assertThat(video.path("mediaKind").asText()).isEqualTo("video");
		assertThat(video.at("/learned/quantiles/p50").asDouble()).isBetween(19.8, 20.2);
		String told = newId("told");
		String read = newId("read");
		for (String id : List.of(told, read)) {
			standIn.akool(id).finishesAfter(TIME).withFaces(1);
		}
		post("/jobs", "{\"provider\":\"akool\",\"jobId\":\"%s\",\"mediaKind\":\"image\"}".formatted(told));
		post("/jobs", "{\"provider\":\"akool\",\"jobId\":\"%s\",\"mediaUrl\":\"https://example.com/a.PNG?b=c.mp4\"}"
			.formatted(read));
		for (String id : List.of(told, read)) {
			assertThat(awaitEnd("akool", id).path("mediaKind").asText()).isEqualTo("image");
			// What the URL tells is not told again.
			assertThat(events("akool", id)).allSatisfy((event) -> assertThat(event.at("/data/mediaKind").asText())
				.isEqualTo(id.equals(told) ? "image" : ""));
			assertThat(standIn.polls("akool", id)).hasSizeLessThan(6);
		}
	}

	private JsonNode provider(String name) {
		for (JsonNode provider : parse(get("/providers").body()).path("providers")) {
			if (provider.path("provider").asText().equals(name)) {
				return provider;
			}
		}
		throw new AssertionError("no " + name + " in GET /providers");
	}

	private void storeFinished(String provider, Duration pendingAge, Duration finishedAge) {
		storeFinished(provider, "", pendingAge, finishedAge);
	}

	private void storeFinished(String provider, String kind, Duration pendingAge, Duration finishedAge) {
		Instant registered = Instant.now().minusSeconds(60);
		this.jdbc.sql("""
				insert into job (provider, job_id, status, registered_at, pending_at, finished_at, media_kind)
				values (:provider, :jobId, 'SUCCEEDED', :registered, :pending, :finished, :kind)
				""")
			.param("provider", provider)
			.param("kind", kind)
			.param("jobId", newId("history"))
			.param("registered", registered.atOffset(ZoneOffset.UTC))
			.param("pending", registered.plus(pendingAge).atOffset(ZoneOffset.UTC))
			.param("finished", registered.plus(finishedAge).atOffset(ZoneOffset.UTC))
			.update();
	}

}
