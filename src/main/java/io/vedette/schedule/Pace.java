package io.vedette.schedule;

import java.time.Duration;
import java.time.Instant;

/**
 * Spreads requests over a limit's period where more wait than it lets through: the
 * generic cell rate algorithm (ITU-T I.371, as a virtual schedule). It bounds no window
 * by itself: {@link SlidingWindow} does. To be guarded by whoever shares it between
 * threads.
 */
public final class Pace {

	/** A request that is late by this part of a period is made up for. */
	private static final int TOLERANCE = 10;

	private final RateLimit limit;

	private Instant next = Instant.EPOCH;

	/** A pace at which nothing has been sent. */
	public Pace(RateLimit limit) {
		this.limit = limit;
	}

	/**
	 * When a request is due, if others are sent before it.
	 * @param before how many go first
	 * @param allowed requests a period, more than 0
	 * @return {@code now} or later
	 */
	public Instant at(int before, Instant now, double allowed) {
		Instant due = due(now).plus(apart(allowed).multipliedBy(before));
		return due.isAfter(now) ? due : now;
	}

	/** Takes note that a request is sent. */
	public void sent(Instant now, double allowed) {
		this.next = due(now).plus(apart(allowed));
	}

	private Instant due(Instant now) {
		Instant earliest = now.minus(this.limit.period().dividedBy(TOLERANCE));
		return this.next.isAfter(earliest) ? this.next : earliest;
	}

	private Duration apart(double allowed) {
		return Duration.ofNanos((long) (this.limit.period().toNanos() / allowed));
	}

}
