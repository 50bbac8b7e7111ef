package io.vedette.schedule.simulation;

import java.time.Duration;
import java.util.stream.Stream;

import io.vedette.schedule.LearnedSchedule.Goals;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A provider that becomes a hundred times faster or slower, from one job to the next. */
class SpeedChangeTest {

	private static final Goals AIM = new Goals(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(30),
			Duration.ZERO);

	private static final int BEFORE = 300;

	@ParameterizedTest
	@MethodSource("changes")
	void isFollowedWithinAHundredJobsAndForGood(Workload provider) {
		History history = new History(provider, AIM, 1);
		assertThat(lag(history, provider, BEFORE)).isLessThan(AIM.maxDelay().toSeconds());
		for (int jobs = BEFORE + 100; jobs <= 2000; jobs += 50) {
			assertThat(lag(history, provider, jobs)).as("mean lag after %d jobs", jobs)
				.isLessThan(2 * AIM.targetLag().toSeconds());
		}
	}

	static Stream<Workload> changes() {
		return Stream.of(changing("slower", 0.01, 1), changing("faster", 1, 0.01));
	}

	/** Videos that take so many times as long, before and after. */
	private static Workload changing(String name, double before, double after) {
		return new Workload(name, "", Workload.VIDEO.cdf(), Workload.VIDEO.mean(),
				(job) -> (job < BEFORE) ? before : after);
	}

	private static double lag(History history, Workload provider, int jobs) {
		return Score.of(Policy.of(history.until(jobs).schedule()), provider.at(jobs), 8).lag();
	}

}
