package io.vedette.schedule.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.vedette.schedule.CompletionTimes;
import io.vedette.schedule.CompletionInterval;
import io.vedette.schedule.LearnedSchedule;
import io.vedette.schedule.LearnedSchedule.Goals;
import io.vedette.schedule.PollSchedule;

/**
 * A node's life in virtual time: jobs come one after the other, are asked for as the
 * schedule of the moment says, and teach the next schedule. It knows of them what polls
 * tell.
 */
final class History {

	private static final int LEARN_EVERY = 20;

	private final List<CompletionInterval> finishes = new ArrayList<>();

	private final Workload workload;

	private final Goals goals;

	private final Random random;

	private PollSchedule schedule;

	private int jobs;

	History(Workload workload, Goals goals, long seed) {
		this.workload = workload;
		this.goals = goals;
		this.random = new Random(seed);
		this.schedule = PollSchedule.backoff(goals.minDelay(), goals.maxDelay());
	}

	/** Goes on until so many jobs have finished since the beginning. */
	History until(int count) {
		while (this.jobs < count) {
			watch(this.workload.at(this.jobs).draw(this.random), Policy.of(this.schedule), this.random.nextDouble());
			this.jobs++;
			if (this.jobs >= LearnedSchedule.LEAST_HISTORY && (this.jobs % LEARN_EVERY == 0 || this.jobs == count)) {
				this.schedule = LearnedSchedule.of(CompletionTimes.learn(this.finishes), this.goals);
			}
		}
		return this;
	}

	private void watch(double time, Policy policy, double place) {
		double before = 0;
		double age = 0;
		for (int poll = 0; poll == 0 || age < time; poll++) {
			before = age;
			age = policy.next(age, poll, place);
		}
		this.finishes.add(0, new CompletionInterval(before, age));
		if (this.finishes.size() > 1000) {
			this.finishes.remove(1000);
		}
	}

	PollSchedule schedule() {
		return this.schedule;
	}

	/**
	 * An goals that does not blunt the comparison: delays from a fiftieth of the mean to
	 * ten times it.
	 */
	static Goals goals(Workload workload, double share) {
		double mean = workload.mean();
		return new Goals(duration(share * mean), duration(mean / 50), duration(mean * 10), Duration.ZERO);
	}

	private static Duration duration(double seconds) {
		return Duration.ofNanos((long) (seconds * 1e9));
	}

}
