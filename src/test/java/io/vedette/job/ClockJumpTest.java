package io.vedette.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

import io.vedette.RunningVedette;
import io.vedette.delivery.Ownership;
import io.vedette.schedule.SteadyClock;
import io.vedette.standin.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;

/** Somebody sets the clock of the machine while jobs are watched; and time passes. */
@Import(ClockJumpTest.SetClock.class)
class ClockJumpTest extends RunningVedette {

	private static volatile Duration set = Duration.ZERO;

	private static volatile Duration passed = Duration.ZERO;

	@Autowired
	private Watchman watchman;

	@Autowired
	private Ownership ownership;

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

	@Test
	void watchesAJobAgainWhoseLoopIsGone() {
		String id = newId("lost");
		standIn.akool(id).withFaces(1);
		// What a thread leaves behind that ran out of memory: a watch, and nobody who
		// asks.
		JobStore.Registered registered = this.watchman.register(List.of(JobRequests.of("akool", id))).get(0);
		this.ownership.check();
		pass(Duration.ofMinutes(4));
		this.ownership.check();
		pass(Duration.ofMinutes(2));
		this.ownership.check();
		assertThat(this.watchman.held()).contains(registered.row().job().id());
		pass(Duration.ofMinutes(1));
		this.ownership.check();
		assertThat(awaitEnd("akool", id).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(events("akool", id)).hasSize(2);
	}

	private static void pass(Duration time) {
		passed = passed.plus(time);
	}

	/** The clock of the machine, as somebody has set it. */
	@TestConfiguration
	static class SetClock {

		@Bean
		@Primary
		SteadyClock passedTime(Clock clock) {
			return new SteadyClock(clock, () -> System.nanoTime() + passed.toNanos());
		}

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
