package io.vedette.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * Hands out moments so that no window of the limit's period, wherever it begins, holds
 * more than the limit allows. Not Resilience4j's limiter nor a token bucket: both let up
 * to twice the limit through around the edge of a period.
 */
public final class SlidingWindow {

	private final Duration period;

	private final Instant[] taken;

	private int oldest;

	public SlidingWindow(RateLimit limit) {
		this.period = limit.period();
		this.taken = new Instant[limit.requests()];
		Arrays.fill(this.taken, Instant.EPOCH);
	}

	/**
	 * Takes the next free moment, at {@code now} or later.
	 * @return when the request may be sent
	 */
	public synchronized Instant take(Instant now) {
		Instant free = this.taken[this.oldest].plus(this.period);
		Instant moment = free.isAfter(now) ? free : now;
		this.taken[this.oldest] = moment;
		this.oldest = (this.oldest + 1) % this.taken.length;
		return moment;
	}

}
