package io.vedette.job;

import java.time.Duration;
import java.time.Instant;

import io.vedette.provider.Account;
import io.vedette.provider.Answer;
import io.vedette.provider.Pollable;
import io.vedette.provider.Provider;
import io.vedette.provider.SubmitAnswer;
import io.vedette.provider.WaitingPoll;

/**
 * Submits jobs of an account, one after the other, each when the account's gate lets it
 * through. Lives in memory only. All moments are those of the steady clock, but that of
 * the intent.
 */
public final class Sender implements Pollable {

	/** No call and no look at the rate limit takes as long. */
	private static final Duration LOST = Duration.ofMinutes(10);

	private final Provider provider;

	private final Account account;

	private final WaitingPoll poll;

	private volatile Job job;

	private volatile Instant sentAt;

	private volatile Instant waitsSince;

	private volatile Instant wakesAt;

	private volatile boolean over;

	Sender(Provider provider, Account account, Instant now) {
		this.provider = provider;
		this.account = account;
		this.waitsSince = now;
		this.wakesAt = now;
		this.poll = account.poll(this);
	}

	public Provider getProvider() {
		return this.provider;
	}

	/** The job that is submitted next, or just now; null if there is none. */
	public Job getJob() {
		return this.job;
	}

	/**
	 * What kind of media the job's is, as requests name it; null if neither its request
	 * nor its URL says.
	 */
	public String getMediaKind() {
		return (this.job.mediaKind() != null) ? this.job.mediaKind().label() : null;
	}

	void take(Job next, Instant now) {
		this.job = next;
		this.waitsSince = now;
	}

	/** The moment that stands in the job's row for this attempt, or null. */
	Instant sentAt() {
		return this.sentAt;
	}

	/** From now on it may be on disk that the job was sent. */
	void intends(Instant written) {
		this.sentAt = written;
	}

	/** It is settled what came of it. */
	void rest() {
		this.job = null;
		this.sentAt = null;
	}

	Instant wakesAt() {
		return this.wakesAt;
	}

	void sleepUntil(Instant moment) {
		this.wakesAt = moment;
	}

	boolean isOver() {
		return this.over;
	}

	void end(Instant now) {
		this.over = true;
		this.poll.end(now);
	}

	/** Whether nobody comes by any more to send with it. */
	boolean isLost(Instant now) {
		return !now.isBefore(this.wakesAt.plus(LOST));
	}

	WaitingPoll poll() {
		return this.poll;
	}

	@Override
	public Account account() {
		return this.account;
	}

	@Override
	public String traceparent() {
		Job sent = this.job;
		return (sent != null) ? sent.traceparent() : null;
	}

	/**
	 * As a poll's that has been due since it waits: however many jobs are to be
	 * submitted, those that are watched are asked for all the same.
	 */
	@Override
	public double worth(Instant now) {
		return 1 + (double) Duration.between(this.waitsSince, now).toMillis()
				/ this.provider.settings().maxDelay().toMillis();
	}

	/** What came of sending a job. */
	record Result(SubmitAnswer type, String jobId, Answer answer) {
	}

}
