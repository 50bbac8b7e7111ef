package io.vedette.schedule;

import java.time.Duration;

/**
 * What a provider says about the progress of a job, taken for a clock: while it moves, it
 * tells better than the job's age when the job finishes. One that falls is none.
 */
public final class Progress {

	/** What is rounded down to 99 may need one more. */
	private static final int DONE = 101;

	private boolean fell;

	private int percent;

	private Duration age = Duration.ZERO;

	private Duration end;

	/**
	 * Takes in what was said.
	 * @param now 0 to 100
	 * @param at the job's age then
	 */
	public void heard(int now, Duration at) {
		int moved = now - this.percent;
		this.fell |= moved < 0;
		this.end = (moved > 0 && now < 100 && !this.fell)
				? at.plus(at.minus(this.age).multipliedBy(DONE - now).dividedBy(moved)) : null;
		this.percent = now;
		this.age = at;
	}

	/**
	 * When to ask next: when the job finishes if it goes on as it did since the last
	 * answer. A percentage may be made up, so the wait becomes at most half shorter or
	 * longer.
	 * @param at the job's age now
	 * @param next the age that the schedule names
	 */
	public Duration sharpen(Duration at, Duration next) {
		if (this.end == null) {
			return next;
		}
		Duration wait = next.minus(at);
		return PollSchedule.clamp(this.end, at.plus(wait.dividedBy(2)), at.plus(wait.multipliedBy(3).dividedBy(2)));
	}

}
