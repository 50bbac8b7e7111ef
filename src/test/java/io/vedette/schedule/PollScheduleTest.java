package io.vedette.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PollScheduleTest {

	@Test
	void waitsHalfTheAgeBetweenItsLimits() {
		PollSchedule schedule = PollSchedule.backoff(Duration.ofSeconds(2), Duration.ofSeconds(6));
		assertThat(ages(schedule, 7)).extracting(Duration::toMillis)
			.containsExactly(2000L, 4000L, 6000L, 9000L, 13500L, 19500L, 25500L);
	}

	@Test
	void asksEvenlyWhenFixed() {
		assertThat(ages(PollSchedule.fixed(Duration.ofSeconds(5)), 4)).extracting(Duration::toSeconds)
			.containsExactly(5L, 10L, 15L, 20L);
	}

	@ParameterizedTest
	@CsvSource({ "50, 200", "1000, 30000", "1, 1", "1000, 1000", "1, 3600000", "3, 7" })
	void keepsItsDelaysWithinTheirLimits(long min, long max) {
		PollSchedule schedule = PollSchedule.backoff(Duration.ofMillis(min), Duration.ofMillis(max));
		Duration age = Duration.ZERO;
		for (Duration next : ages(schedule, 200)) {
			assertThat(next.minus(age)).isBetween(Duration.ofMillis(min), Duration.ofMillis(max));
			age = next;
		}
	}

	@ParameterizedTest
	@CsvSource({ "50, 200", "1000, 30000", "1, 1", "3, 7" })
	void findsTheNextScheduledAgeFromAnyAge(long min, long max) {
		PollSchedule schedule = PollSchedule.backoff(Duration.ofMillis(min), Duration.ofMillis(max));
		List<Duration> ages = ages(schedule, 500);
		Random random = new Random(1);
		for (int i = 0; i < 2000; i++) {
			Duration age = Duration.ofNanos(random.nextLong(ages.get(498).toNanos()));
			Duration next = ages.stream().filter((one) -> one.compareTo(age) > 0).findFirst().orElseThrow();
			assertThat(schedule.nextAge(age)).isEqualTo(next).isEqualTo(schedule.nextAge(age));
		}
	}

	@Test
	void isQuickForJobsThatAreYearsOld() {
		PollSchedule schedule = PollSchedule.backoff(Duration.ofMillis(1), Duration.ofMillis(2));
		Duration age = Duration.ofDays(3650);
		assertThat(schedule.nextAge(age)).isBetween(age.plusNanos(1), age.plusMillis(2));
	}

	private static List<Duration> ages(PollSchedule schedule, int count) {
		List<Duration> ages = new ArrayList<>();
		Duration age = Duration.ZERO;
		for (int i = 0; i < count; i++) {
			age = schedule.nextAge(age);
			ages.add(age);
		}
		return ages;
	}

}
