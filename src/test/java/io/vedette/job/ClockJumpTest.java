package io.vedette.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

import io.vedette.RunningVedette;
import io.vedette.standin.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;

/** Somebody sets the clock of the machine while jobs are watched. */
@Import(ClockJumpTest.SetClock.class)
class ClockJumpTest extends RunningVedette {

	private static volatile Duration set = Duration.ZERO;

	@AfterEach
	void setBack() {
		set = Duration.ZERO;
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, -1 })
	void goesOnAskingAndDelivering(long hours) {
		String watched = newId("watched");
		standIn.crun(watched).finishesAfter(Duration.ofSeconds(3));
		register("crun", watched);
		awaitPolls("crun", watched, 2);

		set = Duration.ofHours(hours);
		int before = standIn.polls("crun", watched).size();
		String later = newId("later");
		standIn.akool(later).finishesAfter(Duration.ofSeconds(1));

		assertThat(watch("akool", later).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(awaitEnd("crun", watched).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(events("crun", watched)).hasSize(2);
		assertThat(events("akool", later)).hasSize(2);
		List<Request> polls = standIn.polls("crun", watched);
		assertThat(polls).as("asked at a delay of at least 50 ms").hasSizeBetween(before + 1, before + 70);
	}

	/** The clock of the machine, as somebody has set it. */
	@TestConfiguration
	static class SetClock {

		@Bean
		@Primary
		Clock machineClock() {
			return new Clock() {
				@Override
				public ZoneId getZone() {
					return ZoneOffset.UTC;
				}

				@Override
				public Clock withZone(ZoneId zone) {
					return Clock.system(zone);
				}

				@Override
				public Instant instant() {
					return Instant.now().plus(set);
				}
			};
		}

	}

}
