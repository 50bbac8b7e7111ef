package io.vedette.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

import io.vedette.schedule.Durations;

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

	/** As many as a delivery is tried, the earliest first. */
	private final Deque<Instant> failedProbes = new ArrayDeque<>();

	private final int tries;

	private final Duration longestPause;

	private boolean news;

	private boolean held;

	private Duration pause;

	private Instant pausedUntil;

	private boolean probing;

	private String reason;

	/**
	 * The gate of a target. One whose deliveries are tried again soon is probed as often.
	 * @param retry its waits between attempts
	 */
	TargetGate(List<Duration> retry) {
		this.tries = retry.size() + 1;
		Duration longest = retry.stream().max(Comparator.naturalOrder()).orElse(FIRST_PAUSE);
		this.longestPause = Durations.longer(FIRST_PAUSE, Durations.shorter(longest, LONGEST_PAUSE));
	}

	/**
	 * How many deliveries may be queued now.
	 * @param free how many the queue takes
	 */
	synchronized int room(int free, Instant now) {
		if (this.held) {
			return 0;
		}
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
		if (this.held) {
			return false;
		}
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

	/** Whether an operator keeps it closed. */
	synchronized boolean isHeld() {
		return this.held;
	}

	/**
	 * An attempt failed.
	 * @param why what a person reads about it
	 * @param retryAfter how long the target wants to be left alone, at least zero
	 * @return whether this is what closed the gate
	 */
	synchronized boolean failed(Instant now, String why, Duration retryAfter) {
		this.reason = why;
		this.failures++;
		boolean wasOpen = this.pausedUntil == null;
		if (this.failures >= FAILURES && (wasOpen || this.probing)) {
			this.pause = wasOpen ? FIRST_PAUSE : Durations.shorter(this.pause.multipliedBy(2), this.longestPause);
			this.pausedUntil = now.plus(Durations.longer(retryAfter, this.pause));
			this.probing = false;
			this.failedProbes.add(now);
			this.news = true;
			if (this.failedProbes.size() > this.tries) {
				this.failedProbes.remove();
			}
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
		this.failedProbes.clear();
		this.pausedUntil = null;
		this.probing = false;
		return wasClosed;
	}

	/** Why the gate is closed, or null while it is open. */
	synchronized String reason() {
		if (this.held) {
			return "paused by an operator";
		}
		return (this.pausedUntil != null) ? this.reason : null;
	}

	/** Keeps the gate closed for as long as an operator wants it. */
	synchronized void hold(boolean wanted) {
		this.held = wanted;
	}

	/** Whether a probe has failed since this was asked last. */
	synchronized boolean hasFailedAgain() {
		boolean failed = this.news;
		this.news = false;
		return failed;
	}

	/**
	 * What has waited in vain for this target: as long as it would have been tried, while
	 * the target failed as many probes.
	 * @param patience how long it would have been tried
	 * @param tries how often, from one to those of the gate
	 * @return the moment by which it must have been due; null while nothing has
	 */
	synchronized Instant expired(Duration patience, int tries, Instant now) {
		int earlier = this.failedProbes.size() - tries;
		if (this.pausedUntil == null || earlier < 0) {
			return null;
		}
		Instant moment = now.minus(patience);
		Instant probe = this.failedProbes.stream().skip(earlier).findFirst().orElseThrow();
		return moment.isBefore(probe) ? moment : probe;
	}

}
