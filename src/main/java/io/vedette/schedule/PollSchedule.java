package io.vedette.schedule;

import java.time.Duration;

/**
 * Says at which ages a job is asked for. A pure function: nothing is saved between two
 * polls, and a job that is watched again after a restart is asked at the ages it would
 * have been asked at anyway.
 */
public interface PollSchedule {

	/** Jobs registered together are asked up to this share of their age apart. */
	double SPREAD = 0.1;

	/**
	 * The first scheduled age after another one.
	 * @param age how long ago the job was registered
	 * @return an age later than {@code age}
	 */
	Duration nextAge(Duration age);

	/**
	 * The same for one of many jobs, so that those registered together stay apart.
	 * @param place the job's place among them, 0 to 1
	 */
	default Duration nextAge(Duration age, double place) {
		double factor = 1 + SPREAD * place;
		// Rounding must not find the same age again.
		return scaled(nextAge(scaled(age, 1 / factor).plusNanos(2)), factor);
	}

	/**
	 * What a poll is worth where not all can be sent that are wanted, compared with polls
	 * of other jobs of the same schedule: the later the more.
	 * @param asked age at the last poll, zero before the first
	 * @param due the scheduled age, later than {@code asked}
	 * @param age how old the job is now
	 * @param place the job's place among those registered together, 0 to 1
	 */
	default double worth(Duration asked, Duration due, Duration age, double place) {
		return (double) age.minus(asked).toNanos() / due.minus(asked).toNanos();
	}

	private static Duration scaled(Duration duration, double factor) {
		return Duration.ofNanos((long) (duration.toNanos() * factor));
	}

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
					long steps = age.minus(next).toNanos() / max.toNanos() + 1;
					return next.plus(max.multipliedBy(steps));
				}
				next = next.plus(delay);
			}
			return next;
		};
	}

	/**
	 * Back-off for a provider of which too little is known yet: no answer waits longer
	 * than if it were asked every 5 s, unless {@code min} says so.
	 */
	static PollSchedule unlearned(Duration min, Duration max) {
		return backoff(min, clamp(Duration.ofSeconds(5), min, max));
	}

	/** The duration, or the bound that it is beyond. */
	static Duration clamp(Duration value, Duration min, Duration max) {
		return Durations.longer(min, Durations.shorter(value, max));
	}

}
