package io.vedette.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;

import io.vedette.schedule.LearnedSchedule.Goals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ProgressTest {

	private static final Goals AIM = new Goals(Duration.ofSeconds(4), Duration.ofSeconds(1), Duration.ofMinutes(10),
			Duration.ZERO);

	private final Progress progress = new Progress();

	@Test
	void asksWhenTheJobFinishesIfItGoesOnAsItDid() {
		this.progress.heard(20, Duration.ofSeconds(30));
		this.progress.heard(70, Duration.ofSeconds(40));
		assertThat(this.progress.sharpen(Duration.ofSeconds(41), Duration.ofSeconds(48)))
			.isEqualTo(Duration.ofMillis(46_200));
	}

	@Test
	void changesAWaitByNoMoreThanHalf() {
		this.progress.heard(1, Duration.ofSeconds(30));
		assertThat(this.progress.sharpen(Duration.ofSeconds(30), Duration.ofSeconds(40)))
			.isEqualTo(Duration.ofSeconds(45));
		this.progress.heard(99, Duration.ofSeconds(31));
		assertThat(this.progress.sharpen(Duration.ofSeconds(31), Duration.ofSeconds(41)))
			.isEqualTo(Duration.ofSeconds(36));
	}

	@Test
	void believesNoProgressThatFell() {
		this.progress.heard(40, Duration.ofSeconds(10));
		this.progress.heard(10, Duration.ofSeconds(20));
		this.progress.heard(50, Duration.ofSeconds(30));
		assertThat(this.progress.sharpen(Duration.ofSeconds(30), Duration.ofSeconds(40)))
			.isEqualTo(Duration.ofSeconds(40));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 30, 40, 100 })
	void keepsToTheScheduleWhereProgressStandsStillOrIsNoClock(int percent) {
		this.progress.heard(40, Duration.ofSeconds(10));
		this.progress.heard(percent, Duration.ofSeconds(20));
		assertThat(this.progress.sharpen(Duration.ofSeconds(20), Duration.ofSeconds(25)))
			.isEqualTo(Duration.ofSeconds(25));
	}

	@Test
	void halvesTheLagWhereProgressIsEven() {
		Outcome plain = outcome((percent) -> 0);
		Outcome sharp = outcome((percent) -> percent);
		assertThat(sharp.polls).isLessThan(plain.polls);
		assertThat(sharp.lag).isLessThan(0.6 * plain.lag);
	}

	@Test
	void costsLittleWhereProgressIsMadeUp() {
		Random random = new Random(2);
		Outcome plain = outcome((percent) -> 0);
		Outcome misled = outcome((percent) -> random.nextInt(100));
		assertThat(misled.polls).isLessThan(1.25 * plain.polls);
		assertThat(misled.lag).isLessThan(1.25 * plain.lag);
	}

	/** Of a thousand jobs of a video API, asked for as a learned schedule says. */
	private static Outcome outcome(IntUnaryOperator said) {
		Random random = new Random(1);
		List<CompletionInterval> finishes = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			double time = draw(random);
			finishes.add(new CompletionInterval(time - 1, time + 1));
		}
		LearnedSchedule schedule = LearnedSchedule.of(CompletionTimes.learn(finishes), AIM);
		Outcome outcome = new Outcome();
		for (int i = 0; i < 1000; i++) {
			outcome.watch(schedule, draw(random), random.nextDouble(), said);
		}
		return outcome;
	}

	private static double draw(Random random) {
		return 10 + 35 * Math.exp(0.4 * random.nextGaussian());
	}

	private static final class Outcome {

		private double polls;

		private double lag;

		private void watch(LearnedSchedule schedule, double time, double place, IntUnaryOperator said) {
			Progress progress = new Progress();
			Duration age = Duration.ZERO;
			Duration end = Duration.ofMillis((long) (time * 1000));
			while (age.compareTo(end) < 0) {
				age = progress.sharpen(age, schedule.nextAge(age, place));
				progress.heard(said.applyAsInt((int) (100 * age.toMillis() / end.toMillis())), age);
				this.polls++;
			}
			this.lag += age.minus(end).toMillis() / 1e6;
		}

	}

}
