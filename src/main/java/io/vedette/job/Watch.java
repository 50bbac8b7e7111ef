package io.vedette.job;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

import io.vedette.provider.Answer;
import io.vedette.provider.AnswerClass;
import io.vedette.provider.Provider;
import io.vedette.provider.Reason;

/**
 * What a node knows about a job while it asks for it. Lives in memory only: everything in
 * it can be found out again by asking.
 */
public final class Watch {

	private final Job job;

	private final Provider provider;

	private final Set<AnswerClass> warned = EnumSet.noneOf(AnswerClass.class);

	private volatile Outcome outcome;

	private volatile int polls;

	private volatile Integer progress;

	private Instant nextPollAt;

	private Instant place;

	private Instant askedAt;

	private Instant pendingAt;

	private Answer answer;

	private Reason reason;

	private Instant endedAt;

	Watch(Job job, Provider provider) {
		this.job = job;
		this.provider = provider;
	}

	public Job getJob() {
		return this.job;
	}

	/** How the watch ended, or null while it goes on. */
	public Outcome getOutcome() {
		return this.outcome;
	}

	/** How often the provider was asked since this node took the job. */
	public int getPolls() {
		return this.polls;
	}

	/** What the provider last said about progress, 0 to 100, or null. */
	public Integer getProgress() {
		return this.progress;
	}

	/** When the last answer that was not terminal was asked for, or null. */
	public Instant getPendingAt() {
		return this.pendingAt;
	}

	/** The last answer, or null before the first. */
	public Answer getAnswer() {
		return this.answer;
	}

	/** Why the job failed or expired, or null. */
	public Reason getReason() {
		return this.reason;
	}

	/** When the watch ended, or null while it goes on. */
	public Instant getEndedAt() {
		return this.endedAt;
	}

	Provider provider() {
		return this.provider;
	}

	Instant nextPollAt() {
		return this.nextPollAt;
	}

	void pollAt(Instant moment) {
		this.nextPollAt = moment;
	}

	Instant place() {
		return this.place;
	}

	void place(Instant place) {
		this.place = place;
	}

	Instant askedAt() {
		return this.askedAt;
	}

	void asked(Instant now) {
		this.askedAt = now;
		this.polls++;
	}

	Duration age(Instant now) {
		return Duration.between(this.job.registeredAt(), now);
	}

	void heard(Answer heard) {
		this.answer = heard;
		if (heard.progress() != null) {
			this.progress = heard.progress();
		}
		if (heard.type() == AnswerClass.PENDING) {
			this.pendingAt = this.askedAt;
		}
	}

	/** Ends the watch; the first end counts. */
	synchronized void end(Outcome end, Reason why, Instant now) {
		if (this.outcome == null) {
			this.reason = why;
			this.endedAt = now;
			this.outcome = end;
		}
	}

	/**
	 * Whether this is the first answer of its class, so that a job warns once and not at
	 * every poll.
	 */
	boolean firstOf(AnswerClass type) {
		return this.warned.add(type);
	}

}
