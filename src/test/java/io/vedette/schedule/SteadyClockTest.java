package io.vedette.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SteadyClockTest {

	private static final Instant START = Instant.parse("2026-05-27T12:00:00Z");

	@Test
	void countsOnWhateverTheWallClockIsSetTo() {
		AtomicReference<Instant> wall = new AtomicReference<>(START);
		AtomicLong nanos = new AtomicLong(-5);
		SteadyClock clock = new SteadyClock(wall::get, nanos::get);
		assertThat(clock.instant()).isEqualTo(START);
		for (Duration jump : new Duration[] { Duration.ofHours(1), Duration.ofHours(-1) }) {
			wall.set(START.plus(jump));
			Instant before = clock.instant();
			nanos.addAndGet(10_000_000);
			assertThat(clock.instant()).isEqualTo(before.plusMillis(10));
		}
	}

}
