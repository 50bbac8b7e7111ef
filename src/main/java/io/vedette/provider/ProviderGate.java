package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;

import io.vedette.schedule.RateLimit;
import io.vedette.schedule.SlidingWindow;

/**
 * What stands between the jobs of a provider and its API: the rate limit, and the pause
 * after it refused or throttled. After a refusal one poll is let through as a probe each
 * time the pause has run out; any other answer opens the gate. A throttling provider is
 * left alone for as long as it asks.
 */
final class ProviderGate {

	static final Duration PROBE_EVERY = Duration.ofMinutes(1);

	private final SlidingWindow window;

	private Instant pausedUntil;

	private Reason refusal;

	ProviderGate(RateLimit limit) {
		this.window = new SlidingWindow(limit);
	}

	/**
	 * Asks for a place.
	 * @return when the poll may be sent, or null while the provider is paused
	 */
	synchronized Instant take(Instant now) {
		return (this.pausedUntil == null) ? this.window.take(now) : null;
	}

	/** When to come back and ask for a place again, after {@link #take} gave none. */
	synchronized Instant pausedUntil() {
		return this.pausedUntil;
	}

	/**
	 * The last look before a poll is sent.
	 * @param place what {@link #take} gave
	 * @return whether it may be sent
	 */
	synchronized boolean admits(Instant place, Instant now) {
		if (this.pausedUntil == null) {
			return place != null;
		}
		if (now.isBefore(this.pausedUntil)) {
			return false;
		}
		if (this.refusal == null) {
			this.pausedUntil = null;
			return place != null;
		}
		this.pausedUntil = now.plus(PROBE_EVERY);
		this.window.take(now);
		return true;
	}

	/**
	 * Learns from an answer.
	 * @return whether this answer is what closed or opened the gate
	 */
	synchronized boolean hear(Answer answer, Instant now) {
		boolean wasRefused = this.refusal != null;
		if (answer.type() == AnswerClass.REFUSED) {
			this.refusal = (answer.reason() != null) ? answer.reason() : new Reason(null, null);
			pauseUntil(now.plus(PROBE_EVERY));
			return !wasRefused;
		}
		if (wasRefused && answer.type() != AnswerClass.UNAVAILABLE) {
			this.refusal = null;
			this.pausedUntil = null;
		}
		if (answer.type() == AnswerClass.THROTTLED && !answer.retryAfter().isZero()) {
			pauseUntil(now.plus(answer.retryAfter()));
		}
		return wasRefused && this.refusal == null;
	}

	/** What the provider asked for stands, whatever answers to earlier polls say. */
	private void pauseUntil(Instant end) {
		if (this.pausedUntil == null || this.pausedUntil.isBefore(end)) {
			this.pausedUntil = end;
		}
	}

}
