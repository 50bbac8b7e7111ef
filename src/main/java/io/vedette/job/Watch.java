package io.vedette.job;

import java.time.Duration;
import java.time.Instant;

import io.vedette.config.VedetteProperties;
import io.vedette.provider.Account;
import io.vedette.provider.Answer;
import io.vedette.provider.AnswerClass;
import io.vedette.provider.Caller;
import io.vedette.provider.Pollable;
import io.vedette.provider.Provider;
import io.vedette.provider.Reason;
import io.vedette.provider.WaitingPoll;
import io.vedette.schedule.PollSchedule;
import io.vedette.schedule.Progress;
import io.vedette.trace.Span;

/**
 * What a node knows about a job while it asks for it. Lives in memory only: everything in
 * it can be found out again by asking.
 */
public final class Watch implements Pollable {

	/**
	 * A loop that is that late has lost its thread: no pause, no call and no look at the
	 * rate limit takes as long.
	 */
	private static final Duration LATE = Duration.ofMinutes(5);

	/** Outcomes that waited for the database are stored within that time. */
	private static final Duration LATE_FOR_GOOD = Duration.ofMinutes(1);

	private final Job job;

	private final Provider provider;

	private final Account account;

	private final Instant bornAt;

	private final WaitingPoll poll;

	private final Span span;

	/** Null until there is some: tens of thousands of watches wait in memory. */
	private Progress clock;

	/** A bit for each class. */
	private int warned;

	private volatile Outcome outcome;

	private volatile int polls;

	private volatile Integer progress;

	private Instant nextPollAt;

	private volatile Instant wakesAt;

	private Instant lateSince;

	/** When it was asked for last, or its watch began. */
	private Instant waitsSince;

	private Instant pendingAt;

	private Instant pendingAskedAt;

	private Answer answer;

	private String lastWords = "";

	private int repeated;

	private Instant resultAwaitedSince;

	private Instant silentSince;

	private int asksInVain;

	private Reason reason;

	private Instant endedAt;

	private boolean settled;

	/**
	 * The watch of a job that begins now.
	 * @param age how long ago the job was registered
	 * @param span what is told of it to a collector
	 * @param now on the steady clock, as are all moments that are not public: while a job
	 * is watched, nobody makes it older or younger by setting a clock
	 */
	Watch(Job job, Provider provider, Span span, Duration age, Instant now) {
		this.job = job;
		this.provider = provider;
		this.span = span;
		this.bornAt = now.minus(age);
		this.waitsSince = now;
		this.account = provider.account(job.account());
		this.poll = this.account.poll(this);
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

	/**
	 * When the last answer that was not terminal was asked for, once the watch has ended;
	 * or null.
	 */
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

	/** Whether this watch is what settled the job: on another node one may be faster. */
	public boolean isSettled() {
		return this.settled;
	}

	public void settle(boolean byThis) {
		this.settled = byThis;
	}

	Provider provider() {
		return this.provider;
	}

	Instant nextPollAt() {
		return this.nextPollAt;
	}

	void pollAt(Instant moment) {
		this.nextPollAt = moment;
		this.wakesAt = moment;
	}

	/** When the job looks whether it may be asked for: at its next poll, or later. */
	Instant wakesAt() {
		return this.wakesAt;
	}

	void sleepUntil(Instant moment) {
		this.wakesAt = moment;
	}

	WaitingPoll poll() {
		return this.poll;
	}

	Instant bornAt() {
		return this.bornAt;
	}

	/** When it was asked for last; it must have been. */
	Instant askedAt() {
		return this.waitsSince;
	}

	/** A poll is sent. */
	void asked(Instant now) {
		this.waitsSince = now;
		this.polls++;
	}

	Duration age(Instant now) {
		return Duration.between(this.bornAt, now);
	}

	/** When jobs like this one are asked for. */
	PollSchedule schedule() {
		return this.provider.schedule(this.job.kind());
	}

	/** The age that the schedule names next; a learned one goes by the progress too. */
	Duration nextAge(Instant now) {
		Duration age = age(now);
		Duration next = schedule().nextAge(age, this.job.place());
		return (this.clock != null && this.provider.learned().isPresent()) ? this.clock.sharpen(age, next) : next;
	}

	@Override
	public Account account() {
		return this.account;
	}

	@Override
	public Caller caller() {
		return this.job.caller();
	}

	@Override
	public String traceparent() {
		return this.span.traceparent();
	}

	/**
	 * As its schedule says; and more by one each time its longest delay has passed, so
	 * that no job waits for ever.
	 */
	@Override
	public double worth(Instant now) {
		VedetteProperties.Provider settings = this.provider.settings();
		Instant soonest = this.waitsSince.plus(settings.minDelay());
		Instant due = this.nextPollAt.isAfter(soonest) ? this.nextPollAt : soonest;
		double overdue = (double) Duration.between(due, now).toMillis() / settings.maxDelay().toMillis();
		Duration asked = (this.polls > 0) ? age(askedAt()) : Duration.ZERO;
		return Math.max(0, overdue) + schedule().worth(asked, age(due), age(now), this.job.place());
	}

	/**
	 * An answer came.
	 * @param words what it said, for a person
	 */
	void heard(Answer heard, String words, Instant now) {
		this.answer = heard;
		this.span.happened("poll", "vedette.answer", heard.type().label());
		if (words.equals(this.lastWords)) {
			this.repeated++;
		}
		else {
			// Most jobs hear the same.
			this.lastWords = words.intern();
			this.repeated = 1;
		}
		hearSilence(heard.type());
		if (lacksResult() && this.resultAwaitedSince == null) {
			this.resultAwaitedSince = now;
		}
		if (heard.progress() != null) {
			this.progress = heard.progress();
			this.clock = (this.clock != null) ? this.clock : new Progress();
			this.clock.heard(heard.progress(), age(askedAt()));
		}
		if (heard.type() == AnswerClass.PENDING) {
			this.pendingAskedAt = askedAt();
		}
	}

	/**
	 * How long ago the job has finished at most: it was pending when it was last asked
	 * for, or registered.
	 */
	Duration mostLag(Instant now) {
		return Duration.between((this.pendingAskedAt != null) ? this.pendingAskedAt : this.bornAt, now);
	}

	/**
	 * Counts the polls in a row that brought no answer although the provider had answered
	 * others since the last one.
	 */
	private void hearSilence(AnswerClass type) {
		Instant answeredAt = this.poll.answeredAt();
		if (type != AnswerClass.UNAVAILABLE) {
			this.silentSince = null;
			this.asksInVain = 0;
		}
		else if (this.silentSince == null) {
			this.silentSince = askedAt();
		}
		else if (answeredAt.isAfter(this.silentSince) && answeredAt.isBefore(askedAt())) {
			this.silentSince = askedAt();
			this.asksInVain++;
		}
	}

	/** How often in a row this job got no answer while others did. */
	int asksInVain() {
		return this.asksInVain;
	}

	/** The last answer and how often it came in a row, for a person. */
	String lastWords() {
		return this.lastWords + ((this.repeated == 1) ? ", once" : ", %d times".formatted(this.repeated));
	}

	/** Whether the provider says that the job has succeeded, and not with what. */
	boolean lacksResult() {
		return this.answer.type() == AnswerClass.SUCCEEDED && !this.answer.hasResult();
	}

	/** Since when it does so. */
	Instant resultAwaitedSince() {
		return this.resultAwaitedSince;
	}

	/**
	 * Whether nobody comes by any more to look after this job: found late, and late again
	 * a minute after.
	 */
	boolean isLost(Instant now) {
		if (now.isBefore(this.wakesAt.plus(LATE))) {
			this.lateSince = null;
			return false;
		}
		this.lateSince = (this.lateSince != null) ? this.lateSince : now;
		return !now.isBefore(this.lateSince.plus(LATE_FOR_GOOD));
	}

	/** The provider would not take the job: it was never asked for. */
	void fail(Answer refusal, Instant now) {
		this.answer = refusal;
		end(Outcome.FAILED, refusal.reason(), now);
	}

	/**
	 * The outcome can never be stored as it is: the job has failed for that, with nothing
	 * of what the provider said.
	 */
	synchronized void failUnstorable(Reason why) {
		this.outcome = Outcome.FAILED;
		this.reason = why;
	}

	/**
	 * Ends the watch by what was answered.
	 * @param written the wall clock's time
	 */
	synchronized void end(Outcome end, Reason why, Instant now, Instant written) {
		if (this.outcome == null && this.pendingAskedAt != null) {
			this.pendingAt = written.minus(Duration.between(this.pendingAskedAt, now));
		}
		end(end, why, written);
	}

	/** Ends the watch; the first end counts. */
	synchronized void end(Outcome end, Reason why, Instant now) {
		if (this.outcome == null) {
			this.reason = why;
			this.endedAt = now;
			this.outcome = end;
			this.span.set("vedette.outcome", end.name()).set("vedette.polls", this.polls).end();
		}
	}

	/**
	 * Whether this is the first answer of its class, so that a job warns once and not at
	 * every poll.
	 */
	boolean firstOf(AnswerClass type) {
		int bit = 1 << type.ordinal();
		boolean first = (this.warned & bit) == 0;
		this.warned |= bit;
		return first;
	}

}
