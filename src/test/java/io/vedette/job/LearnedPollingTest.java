package io.vedette.job;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

import io.vedette.RunningVedette;
import io.vedette.provider.Providers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** A provider whose jobs have told how long they take is asked less often. */
@TestPropertySource(properties = { "vedette.providers.crun.max-delay=5s", "vedette.providers.crun.target-lag=200ms" })
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
		assertThat(this.providers.get("crun").learned()).hasValueSatisfying(
				(learned) -> assertThat(learned.quantile(0.5)).isBetween(TIME.minusMillis(150), TIME.plusMillis(150)));
		String id = newId("learned");
		standIn.crun(id).finishesAfter(TIME).withFaces(0);
		assertThat(watch("crun", id).path("status").asText()).isEqualTo("SUCCEEDED");
		// By back-off it would be ten.
		assertThat(standIn.polls("crun", id)).hasSizeLessThan(5);
	}

	private void storeFinished(String provider, Duration pendingAge, Duration finishedAge) {
		Instant registered = Instant.now().minusSeconds(60);
		this.jdbc.sql("""
				insert into job (provider, job_id, status, registered_at, pending_at, finished_at)
				values (:provider, :jobId, 'SUCCEEDED', :registered, :pending, :finished)
				""")
			.param("provider", provider)
			.param("jobId", newId("history"))
			.param("registered", registered.atOffset(ZoneOffset.UTC))
			.param("pending", registered.plus(pendingAge).atOffset(ZoneOffset.UTC))
			.param("finished", registered.plus(finishedAge).atOffset(ZoneOffset.UTC))
			.update();
	}

}
