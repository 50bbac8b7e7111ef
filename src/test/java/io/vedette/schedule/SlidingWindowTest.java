package io.vedette.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.IntStream;

import io.vedette.schedule.SlidingWindow.Permit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SlidingWindowTest {

	private static final Instant START = Instant.parse("2026-05-27T12:00:00Z");

	@Test
	void letsTheFirstRequestsThroughAtOnceAndTheNextOnesWait() {
		SlidingWindow window = new SlidingWindow(RateLimit.of("2/10s"), Instant.EPOCH);
		request(window, START, 2);
		request(window, START.plusSeconds(1), 2);
		assertThat(window.take(START.plusSeconds(1), 2)).isNull();
		assertThat(window.freeAt(0, START.plusSeconds(1), 2)).isEqualTo(START.plusSeconds(10));
		assertThat(window.freeAt(1, START.plusSeconds(1), 2)).isEqualTo(START.plusSeconds(11));
		assertThat(window.freeAt(2, START.plusSeconds(1), 2)).isEqualTo(START.plusSeconds(20));
		assertThat(window.take(START.plusSeconds(10), 2)).isNotNull();
		assertThat(window.take(START.plusSeconds(10), 2)).isNull();
	}

	@Test
	void countsARequestUntilAPeriodAfterItsReply() {
		SlidingWindow window = new SlidingWindow(RateLimit.of("1/10s"), Instant.EPOCH);
		Permit permit = window.take(START, 1);
		assertThat(window.take(START.plusSeconds(15), 1)).as("it may arrive only now").isNull();
		window.replied(permit, START.plusSeconds(15));
		assertThat(window.freeAt(0, START.plusSeconds(16), 1)).isEqualTo(START.plusSeconds(25));
	}

	@Test
	void forgetsARequestOfWhichNothingIsHeard() {
		SlidingWindow window = new SlidingWindow(RateLimit.of("1/10s"), Instant.EPOCH);
		window.take(START, 1);
		Instant later = START.plus(Duration.ofMinutes(6));
		assertThat(window.take(later, 1)).isNull();
		assertThat(window.take(later.plusSeconds(10), 1)).isNotNull();
	}

	@Test
	void keepsAnotherLimitForWhatWasSentBefore() {
		SlidingWindow window = new SlidingWindow(RateLimit.of("4/10s"), Instant.EPOCH);
		IntStream.range(0, 3).forEach((second) -> request(window, START.plusSeconds(second), 4));
		Permit open = window.take(START.plusSeconds(3), 4);
		SlidingWindow lower = window.under(RateLimit.of("2/10s"));
		assertThat(lower.used(START.plusSeconds(3))).isEqualTo(3);
		assertThat(lower.take(START.plusSeconds(11), 2)).as("one reply 9 s ago, one to come").isNull();
		lower.replied(open, START.plusSeconds(11));
		assertThat(lower.freeAt(0, START.plusSeconds(11), 2)).isEqualTo(START.plusSeconds(12));
		SlidingWindow higher = lower.under(RateLimit.of("3/10s"));
		assertThat(higher.take(START.plusSeconds(13), 3)).isNotNull();
		assertThat(higher.take(START.plusSeconds(13), 3)).isNotNull();
		assertThat(higher.take(START.plusSeconds(13), 3)).isNull();
	}

	/** Requests arrive some time after they were sent, in any order. */
	@ParameterizedTest
	@CsvSource({ "1, 1", "1, 1000", "5, 100", "20, 10000", "7, 333", "100, 50" })
	void neverHasMoreThanTheLimitInAnyWindow(int requests, long period) {
		Random random = new Random(requests * 31L + period);
		RateLimit limit = new RateLimit(requests, Duration.ofMillis(period));
		SlidingWindow window = new SlidingWindow(limit, Instant.EPOCH);
		PriorityQueue<Call> calls = new PriorityQueue<>(Comparator.comparing(Call::reply));
		List<Instant> arrived = new ArrayList<>();
		Instant now = START;
		for (int i = 0; i < 20_000; i++) {
			now = now.plusNanos(random.nextLong(1 + period * 1_000_000 / requests));
			while (!calls.isEmpty() && !calls.peek().reply().isAfter(now)) {
				window.replied(calls.peek().permit(), calls.poll().reply());
			}
			double allowed = Math.max(0.3, requests * random.nextDouble(2));
			Permit permit = window.take(now, Math.min(requests, allowed));
			if (permit != null) {
				Instant arrival = now.plusNanos(random.nextLong(1 + period * 500_000));
				arrived.add(arrival);
				calls.add(new Call(permit, arrival.plusNanos(random.nextLong(1 + period * 500_000))));
			}
		}
		assertThat(arrived).hasSizeGreaterThan(1000);
		assertKept(limit, arrived);
	}

	private record Call(Permit permit, Instant reply) {
	}

	@Test
	void waitsForWhatOthersMayHaveUsed() {
		SlidingWindow window = new SlidingWindow(RateLimit.of("2/10s"), START.minusSeconds(4));
		assertThat(window.take(START, 2)).isNull();
		assertThat(window.freeAt(0, START, 2)).isEqualTo(START.plusSeconds(6));
		assertThat(window.freeAt(1, START, 2)).isEqualTo(START.plusSeconds(6));
		assertThat(window.freeAt(2, START, 2)).isEqualTo(START.plusSeconds(16));
	}

	@Test
	void keepsTheLimitWhileTheShareChanges() {
		SlidingWindow window = new SlidingWindow(RateLimit.of("10/1s"), Instant.EPOCH);
		assertThat(take(window, START, 10, 20)).isEqualTo(10);
		assertThat(take(window, START.plusMillis(999), 5, 20)).isZero();
		assertThat(take(window, START.plusSeconds(1), 5, 20)).isEqualTo(5);
		assertThat(take(window, START.plusSeconds(1), 10, 20)).isEqualTo(5);
		assertThat(window.used(START.plusSeconds(1))).isEqualTo(10);
	}

	@Test
	void sendsOneInALongerPeriodWhereLessThanOneIsAllowed() {
		SlidingWindow window = new SlidingWindow(RateLimit.of("2/10s"), Instant.EPOCH);
		assertThat(take(window, START, 0.25, 20)).isEqualTo(1);
		assertThat(window.freeAt(0, START, 0.25)).isEqualTo(START.plusSeconds(40));
		assertThat(window.freeAt(2, START, 0.25)).isEqualTo(START.plusSeconds(120));
	}

	/** How many of so many tries get a permit; each is replied to at once. */
	private static int take(SlidingWindow window, Instant now, double allowed, int tries) {
		int taken = 0;
		for (int i = 0; i < tries; i++) {
			taken += request(window, now, allowed) ? 1 : 0;
		}
		return taken;
	}

	private static boolean request(SlidingWindow window, Instant now, double allowed) {
		Permit permit = window.take(now, allowed);
		if (permit != null) {
			window.replied(permit, now);
		}
		return permit != null;
	}

	private static void assertKept(RateLimit limit, List<Instant> moments) {
		moments.sort(null);
		for (int i = limit.requests(); i < moments.size(); i++) {
			assertThat(Duration.between(moments.get(i - limit.requests()), moments.get(i)))
				.isGreaterThanOrEqualTo(limit.period());
		}
	}

}
