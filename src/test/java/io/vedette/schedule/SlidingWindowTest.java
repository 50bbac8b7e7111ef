package io.vedette.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SlidingWindowTest {

	private static final Instant START = Instant.parse("2026-05-27T12:00:00Z");

	@Test
	void letsTheFirstRequestsThroughAtOnceAndTheNextOnesWait() {
		SlidingWindow window = new SlidingWindow(RateLimit.of("2/10s"));
		assertThat(List.of(window.take(START), window.take(START.plusSeconds(1)), window.take(START.plusSeconds(1)),
				window.take(START.plusSeconds(1)), window.take(START.plusSeconds(60))))
			.containsExactly(START, START.plusSeconds(1), START.plusSeconds(10), START.plusSeconds(11),
					START.plusSeconds(60));
	}

	/** The clock of this test also jumps back, as that of several threads seems to. */
	@ParameterizedTest
	@CsvSource({ "1, 1", "1, 1000", "5, 100", "20, 10000", "7, 333", "100, 50" })
	void neverHasMoreThanTheLimitInAnyWindow(int requests, long period) {
		Random random = new Random(requests * 31L + period);
		SlidingWindow window = new SlidingWindow(new RateLimit(requests, Duration.ofMillis(period)));
		List<Instant> taken = new ArrayList<>();
		Instant now = START;
		for (int i = 0; i < 5000; i++) {
			now = now.plusMillis(random.nextLong(-period / 10, Math.max(2, 2 * period / requests)));
			Instant moment = window.take(now);
			assertThat(moment).isAfterOrEqualTo(now);
			taken.add(moment);
		}
		taken.sort(null);
		for (int i = requests; i < taken.size(); i++) {
			assertThat(Duration.between(taken.get(i - requests), taken.get(i)))
				.isGreaterThanOrEqualTo(Duration.ofMillis(period));
		}
	}

}
