package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import io.vedette.schedule.SlidingWindow.Permit;

/**
 * How one job comes to its polls: it waits for a place at its provider, and tells what
 * was answered. All moments are those of the steady clock.
 */
public final class WaitingPoll {

	private static final double NEXT_TO_NOTHING = 1e-12;

	private static final AtomicLong numbers = new AtomicLong();

	private final long number = numbers.incrementAndGet();

	private final ProviderGate gate;

	private final Pollable job;

	private Instant wakesAt;

	private Permit permit;

	private Caller line;

	WaitingPoll(ProviderGate gate, Pollable job) {
		this.gate = gate;
		this.job = job;
	}

	/**
	 * Asks for a place.
	 * @return how long to sleep before asking again, in whole milliseconds; zero if the
	 * poll may be sent now
	 */
	public Duration await(Instant now) {
		return this.gate.await(this, now);
	}

	/**
	 * Tells what was answered.
	 * @return whether this answer is what closed the provider to all jobs, or opened it
	 */
	public boolean hear(Answer answer, Instant now) {
		return this.gate.hear(this, answer, now);
	}

	/** When the provider last answered a job of this node, whichever it was. */
	public Instant answeredAt() {
		return this.gate.answeredAt();
	}

	/** The job is over, or the call broke off. */
	public void end(Instant now) {
		this.gate.end(this, now);
	}

	/** Of jobs that are worth the same, the first one goes first: all have an order. */
	double worth(Instant now) {
		return this.job.worth(now) - this.number * NEXT_TO_NOTHING;
	}

	long number() {
		return this.number;
	}

	Instant wakesAt() {
		return this.wakesAt;
	}

	void sleepUntil(Instant moment) {
		this.wakesAt = moment;
	}

	Caller caller() {
		return this.job.caller();
	}

	/** Among whose jobs it waits, or null while it does not wait. */
	Caller line() {
		return this.line;
	}

	void stand(Caller among) {
		this.line = among;
	}

	Permit permit() {
		return this.permit;
	}

	void permit(Permit taken) {
		this.permit = taken;
	}

}
