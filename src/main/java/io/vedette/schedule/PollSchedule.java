package io.vedette.schedule;

import java.time.Duration;

/**
 * Says at which ages a job is asked for. A pure function: nothing is saved between two
 * polls, and a job that is watched again after a restart is asked at the ages it would
 * have been asked at anyway.
 */
public interface PollSchedule {

	/**
	 * The first scheduled age after another one.
	 * @param age how long ago the job was registered
	 * @return an age later than {@code age}
	 */
	Duration nextAge(Duration age);

	/** Asks every {@code delay}. */
	static PollSchedule fixed(Duration delay) {
		return backoff(delay, delay);
	}

	/**
	 * Waits half the job's age between two polls, but no less than {@code min} and no
	 * more than {@code max}: the later an answer is, the less a little more waiting
	 * weighs.
	 */
	static PollSchedule backoff(Duration min, Duration max) {
		return (age) -> {
			Duration next = min;
			while (next.compareTo(age) <= 0) {
				Duration delay = clamp(next.dividedBy(2), min, max);
				if (delay.equals(max)) {
					// From here on the steps are even: no need to walk them one by one.
					long steps = age.minus(next).dividedBy(max) + 1;
					return next.plus(max.multipliedBy(steps));
				}
				next = next.plus(delay);
			}
			return next;
		};
	}

	private static Duration clamp(Duration value, Duration min, Duration max) {
		if (value.compareTo(min) < 0) {
			return min;
		}
		return (value.compareTo(max) > 0) ? max : value;
	}

}
