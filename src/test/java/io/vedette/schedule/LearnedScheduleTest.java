package io.vedette.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vedette.schedule.LearnedSchedule.Goals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class LearnedScheduleTest {

	private static final Goals AIM = new Goals(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(30),
			Duration.ZERO);

	@Test
	void hardlyAsksBeforeTheFirstJobCanBeDone() {
		LearnedSchedule schedule = schedule(AIM, evenly(100, 20, 25));
		assertThat(schedule.ages().get(0)).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(23));
		assertThat(schedule.expectedPolls()).isLessThan(4);
		assertThat(schedule.expectedLag()).isLessThanOrEqualTo(AIM.targetLag());
		assertThat(schedule.quantile(0.5)).isBetween(Duration.ofMillis(22_000), Duration.ofMillis(23_000));
	}

	@Test
	void expectsWhatItDoes() {
		LearnedSchedule schedule = schedule(AIM, evenly(300, 5, 45));
		double polls = 0;
		double lag = 0;
		for (double time = 5.05; time < 45; time += 0.1) {
			double age = 0;
			while (age < time) {
				age = schedule.nextAge(duration(age)).toNanos() / 1e9;
				polls += 0.1 / 40;
			}
			lag += (age - time) * 0.1 / 40;
		}
		assertThat(schedule.expectedPolls()).isCloseTo(polls, within(0.05 * polls));
		assertThat(schedule.expectedLag().toNanos() / 1e9).isCloseTo(lag, within(0.15 * lag));
	}

	@Test
	void asksLessOftenWhereTheRateLimitLeavesLess() {
		List<CompletionInterval> finishes = evenly(200, 10, 50);
		LearnedSchedule free = schedule(AIM, finishes);
		LearnedSchedule tight = schedule(
				new Goals(AIM.targetLag(), AIM.minDelay(), AIM.maxDelay(), Duration.ofSeconds(10)), finishes);
		LearnedSchedule hopeless = schedule(
				new Goals(AIM.targetLag(), AIM.minDelay(), AIM.maxDelay(), Duration.ofHours(1)), finishes);
		assertThat(tight.expectedPolls()).isLessThan(free.expectedPolls())
			.isLessThanOrEqualTo(1.05 * (30 + tight.expectedLag().toMillis() / 1e3) / 10);
		assertThat(tight.expectedLag()).isGreaterThan(AIM.targetLag());
		assertThat(hopeless.expectedPolls()).isBetween(1.0, 2.5);
	}

	@Test
	void followsAProviderThatChanges() {
		List<CompletionInterval> finishes = new ArrayList<>(evenly(300, 0, 0.5, 20));
		finishes.addAll(evenly(300, 40, 60));
		assertThat(schedule(AIM, finishes).ages().get(0)).isLessThan(Duration.ofSeconds(6));
		Collections.reverse(finishes);
		assertThat(schedule(AIM, finishes).quantile(0.9)).isGreaterThan(Duration.ofSeconds(50));
	}

	@Test
	void keepsJobsApartThatWereRegisteredTogether() {
		LearnedSchedule schedule = schedule(AIM, evenly(100, 20, 25));
		assertThat(IntStream.range(0, 100).mapToObj((i) -> schedule.nextAge(Duration.ZERO, i / 100.0)).distinct())
			.hasSize(100);
	}

	@Test
	void knowsWhichPollsAreWorthMost() {
		LearnedSchedule schedule = schedule(AIM, evenly(300, 10, 20));
		double early = schedule.worth(Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(5), 0.5);
		double late = schedule.worth(Duration.ZERO, Duration.ofSeconds(19), Duration.ofSeconds(19), 0.5);
		double justAsked = schedule.worth(Duration.ofMillis(18_900), Duration.ofSeconds(19), Duration.ofSeconds(19),
				0.5);
		assertThat(late).isGreaterThan(10 * justAsked).isGreaterThan(10 * early);
		assertThat(schedule.worth(Duration.ofDays(1000), Duration.ofDays(2000), Duration.ofDays(2000), 0.5))
			.isNotNegative();
	}

	/** A plan of 13 million ages took minutes, and a node that stopped waited for it. */
	@Test
	@Timeout(20)
	void learnsSoonFromJobsThatTookAMonth() {
		Duration often = Duration.ofMillis(200);
		LearnedSchedule schedule = schedule(new Goals(AIM.targetLag(), Duration.ofMillis(50), often, Duration.ZERO),
				evenly(300, 2_500_000, 2_700_000));
		assertThat(schedule.ages()).hasSizeLessThanOrEqualTo(100_000);
		for (Duration age : List.of(Duration.ZERO, Duration.ofDays(30))) {
			assertThat(schedule.nextAge(age).minus(age)).isBetween(Duration.ofMillis(50), often);
		}
	}

	@Test
	void learnsNothingFromAClockThatWasTurnedBack() {
		Instant registered = Instant.parse("2026-05-27T12:00:00Z");
		assertThat(CompletionInterval.of(registered, null, registered.minusSeconds(3600))).isEmpty();
		assertThat(CompletionInterval.of(registered, registered.minusSeconds(3600), registered.plusSeconds(2)))
			.contains(new CompletionInterval(0, 2));
		assertThat(CompletionInterval.of(registered, registered.plusSeconds(3600), registered.plusSeconds(2)))
			.contains(new CompletionInterval(1.999, 2));
		assertThat(CompletionInterval.of(registered, null, registered)).contains(new CompletionInterval(0, 0.001));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("oddHistories")
	void keepsItsDelaysWithinTheirLimits(String name, List<CompletionInterval> finishes) {
		for (Duration turn : List.of(Duration.ZERO, Duration.ofSeconds(5), Duration.ofDays(1))) {
			LearnedSchedule schedule = schedule(new Goals(AIM.targetLag(), AIM.minDelay(), AIM.maxDelay(), turn),
					finishes);
			for (double place : new double[] { 0, 0.5, 1 }) {
				Duration age = Duration.ZERO;
				while (age.compareTo(Duration.ofHours(2)) < 0) {
					Duration next = schedule.nextAge(age, place);
					assertThat(next.minus(age)).isBetween(AIM.minDelay(), AIM.maxDelay());
					age = next;
				}
				assertThat(schedule.nextAge(Duration.ofDays(3650), place))
					.isBetween(Duration.ofDays(3650).plusSeconds(1), Duration.ofDays(3650).plusSeconds(30));
			}
			assertThat(schedule.expectedPolls()).isGreaterThan(0.9);
		}
	}

	static Stream<Object[]> oddHistories() {
		List<CompletionInterval> jumped = evenly(200, 1, 2);
		for (int i = 0; i < 200; i += 20) {
			jumped.set(i, new CompletionInterval(0, 3601));
		}
		List<CompletionInterval> asleep = evenly(200, 1, 2);
		asleep.replaceAll((finish) -> new CompletionInterval(finish.after(), 3600));
		List<CompletionInterval> mixed = evenly(100, 0.3, 0.5);
		mixed.addAll(evenly(100, 30, 50));
		return Stream.of(new Object[] { "none longer than 0 s", same(100, new CompletionInterval(0, 0.001)) },
				new Object[] { "one", same(1, new CompletionInterval(3, 4)) },
				new Object[] { "identical", same(1000, new CompletionInterval(3, 4)) },
				new Object[] { "all found by the first poll", same(500, new CompletionInterval(0, 28)) },
				new Object[] { "clock an hour off", jumped }, new Object[] { "node was away", asleep },
				new Object[] { "a hundred times faster", mixed },
				new Object[] { "hours", same(200, new CompletionInterval(7000, 7030)) },
				new Object[] { "days", evenly(1000, 0, 1e6) });
	}

	@Test
	void isNotMisledByAFewClocksThatJumped() {
		List<CompletionInterval> finishes = evenly(200, 20, 25);
		LearnedSchedule sound = schedule(AIM, finishes);
		finishes.set(7, new CompletionInterval(3620, 3621));
		finishes.set(99, new CompletionInterval(0, 0.001));
		LearnedSchedule odd = schedule(AIM, finishes);
		assertThat(odd.expectedPolls()).isLessThan(2 * sound.expectedPolls());
		assertThat(odd.ages().get(0)).isGreaterThan(Duration.ofSeconds(15));
	}

	private static LearnedSchedule schedule(Goals goals, List<CompletionInterval> finishes) {
		return LearnedSchedule.of(CompletionTimes.learn(finishes), goals);
	}

	/** Jobs that take evenly distributed times, seen to within half a second. */
	private static List<CompletionInterval> evenly(int count, double from, double to) {
		return evenly(count, from, to, 0.5);
	}

	/** The same, each asked for at a random moment of every interval. */
	private static List<CompletionInterval> evenly(int count, double from, double to, double interval) {
		Random random = new Random(1);
		return new ArrayList<>(
				DoubleStream.generate(() -> from + (to - from) * random.nextDouble()).limit(count).mapToObj((time) -> {
					double by = time + interval * random.nextDouble();
					return new CompletionInterval(Math.max(0, by - interval), by);
				}).toList());
	}

	private static List<CompletionInterval> same(int count, CompletionInterval finish) {
		return Collections.nCopies(count, finish);
	}

	private static Duration duration(double seconds) {
		return Duration.ofNanos((long) (seconds * 1e9));
	}

}
