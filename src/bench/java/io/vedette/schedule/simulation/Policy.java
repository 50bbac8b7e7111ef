package io.vedette.schedule.simulation;

import java.time.Duration;
import java.util.SplittableRandom;

import io.vedette.schedule.PollSchedule;

/** When a job is asked for next; ages in seconds. */
@FunctionalInterface
interface Policy {

	/**
	 * The age at which a job is asked for next.
	 * @param age at which it was asked for last, 0 before the first poll
	 * @param poll how often it was asked for
	 * @param place the job's own number, 0 to 1
	 */
	double next(double age, int poll, double place);

	/** Vedette's own code. */
	static Policy of(PollSchedule schedule) {
		return (age, poll, place) -> schedule.nextAge(Duration.ofNanos((long) (age * 1e9)), place).toNanos() / 1e9;
	}

	static Policy fixed(double interval) {
		return (age, poll, place) -> age + interval;
	}

	static Policy backoff(double first, double factor, double longest) {
		return (age, poll, place) -> age + Math.min(longest, first * Math.pow(factor, poll));
	}

	/**
	 * The defaults of google.api.MethodSettings.LongRunning: 5 s, times 1.5, at most 45
	 * s.
	 */
	static Policy google() {
		return backoff(5, 1.5, 45);
	}

	/**
	 * The defaults of Smithy's waiters: a poll at once, then a random wait between 2 s
	 * and 2 s times 2 to the number of polls, at most 120 s.
	 */
	static Policy smithy() {
		return (age, poll, place) -> {
			if (poll == 0) {
				return 1e-6;
			}
			double random = new SplittableRandom(Double.doubleToLongBits(place) + poll).nextDouble();
			return age + 2 + random * (Math.min(120, 2 * Math.pow(2, poll - 1)) - 2);
		};
	}

}
