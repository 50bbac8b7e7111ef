package io.vedette.schedule;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A clock that nobody sets: it begins with the time of the wall clock and from then on
 * only counts what has passed. Waits and rate limits go by it; what is written down goes
 * by the wall clock.
 */
public final class SteadyClock implements InstantSource {

	private final Instant begin;

	private final LongSupplier nanos;

	private final long beginNanos;

	/**
	 * A clock that begins now.
	 * @param nanos nanoseconds from any moment on, never fewer than before:
	 * {@link System#nanoTime}
	 */
	public SteadyClock(InstantSource wall, LongSupplier nanos) {
		this.begin = wall.instant();
		this.nanos = nanos;
		this.beginNanos = nanos.getAsLong();
	}

	@Override
	public Instant instant() {
		return this.begin.plusNanos(this.nanos.getAsLong() - this.beginNanos);
	}

}
