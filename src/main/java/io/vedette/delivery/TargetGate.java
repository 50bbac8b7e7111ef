package io.vedette.delivery;

import java.time.Duration;
import java.time.Instant;

/**
 * What stands between the deliveries of a target and the target. Once it has failed
 * {@value #FAILURES} times in a row the gate closes: the deliveries wait in their rows,
 * and one at a time is let through as a probe, ever more seldom. The first one that
 * arrives opens the gate. All moments are those of the steady clock.
 */
final class TargetGate {

	/** More than one bad event would cause: then it is the target that fails. */
	static final int FAILURES = 10;

	static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

	static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

	/** A probe that nothing is heard of is given up by then. */
	static final Duration LONGEST_PROBE = Duration.ofSeconds(60);

	private int failures;

	private Instant failingSince;

	private Instant failedAt;

	private Duration pause;

	private Instant pausedUntil;

	private boolean probing;

	/**
	 * How many deliveries may be queued now.
	 * @param free how many the queue takes
	 */
	synchronized int room(int free, Instant now) {
		if (this.pausedUntil == null) {
			return free;
		}
		return now.isBefore(this.pausedUntil) ? 0 : Math.min(free, 1);
	}

	/** Lets the next probe through now: somebody has reason to think that it arrives. */
	synchronized void probe(Instant now) {
		if (this.pausedUntil != null && !this.probing) {
			this.pausedUntil = now;
		}
	}

	/** The last look before a delivery is attempted: whether it may be. */
	synchronized boolean admits(Instant now) {
		if (this.pausedUntil == null) {
			return true;
		}
		if (now.isBefore(this.pausedUntil)) {
			return false;
		}
		this.probing = true;
		this.pausedUntil = now.plus(LONGEST_PROBE);
		return true;
	}

	/**
	 * An attempt failed.
	 * @param retryAfter how long the target wants to be left alone, at least zero
	 * @return whether this is what closed the gate
	 */
	synchronized boolean failed(Instant now, Duration retryAfter) {
		this.failures++;
		this.failingSince = (this.failingSince != null) ? this.failingSince : now;
		this.failedAt = now;
		boolean wasOpen = this.pausedUntil == null;
		if (this.failures >= FAILURES && (wasOpen || this.probing)) {
			this.pause = wasOpen ? FIRST_PAUSE : shorter(this.pause.multipliedBy(2), LONGEST_PAUSE);
			this.pausedUntil = now.plus((retryAfter.compareTo(this.pause) > 0) ? retryAfter : this.pause);
			this.probing = false;
		}
		return wasOpen && this.pausedUntil != null;
	}

	/**
	 * The target answered as one that works.
	 * @return whether this is what opened the gate
	 */
	synchronized boolean answered() {
		boolean wasClosed = this.pausedUntil != null;
		this.failures = 0;
		this.failingSince = null;
		this.pausedUntil = null;
		this.probing = false;
		return wasClosed;
	}

	/**
	 * What has waited in vain for this target.
	 * @param patience how long a delivery is tried
	 * @return the moment by which it must have been due: as long ago as that, and before
	 * the last attempt that failed; null while nothing has
	 */
	synchronized Instant expired(Duration patience, Instant now) {
		Instant moment = now.minus(patience);
		if (this.pausedUntil == null || this.failingSince.isAfter(moment)) {
			return null;
		}
		return moment.isBefore(this.failedAt) ? moment : this.failedAt;
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

}
