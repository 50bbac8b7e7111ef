package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/**
 * Jobs at a gate, in virtual time: each sleeps until it is due and then as long as the
 * gate says, its timer up to 2 ms late; a poll takes up to 200 ms there and back.
 */
final class VirtualJobs {

	static final Instant START = Instant.parse("2026-05-27T12:00:00Z");

	private final PriorityQueue<Event> events = new PriorityQueue<>(
			Comparator.comparing(Event::at).thenComparing(Event::number));

	private final List<Job> jobs = new ArrayList<>();

	private final List<Poll> polls = new ArrayList<>();

	private final Set<ProviderGate> dead = new HashSet<>();

	private final Random random;

	private Function<Job, Answer> provider = (job) -> Answer.of(AnswerClass.PENDING, null, Duration.ZERO);

	private double lateReplies;

	private Instant now = START;

	private long looks;

	private long appraisals;

	private long eventCount;

	VirtualJobs(long seed) {
		this.random = new Random(seed);
	}

	private record Event(Instant at, long number, Runnable what) {
	}

	/** A poll as the provider sees it. */
	record Poll(Job job, Instant arrival) {
	}

	/** A job that wants a poll each time its delay has passed. */
	final class Job implements Pollable {

		private final Duration delay;

		private final ProviderGate gate;

		private final Duration ahead;

		private final WaitingPoll poll;

		private Instant askedAt;

		private final Caller caller;

		private Job(ProviderGate gate, Duration delay, Duration ahead, Caller caller) {
			this.caller = caller;
			this.delay = delay;
			this.gate = gate;
			this.ahead = ahead;
			this.askedAt = clock();
			this.poll = new WaitingPoll(gate, this);
		}

		/** What the node's clock shows. */
		private Instant clock() {
			return VirtualJobs.this.now.plus(this.ahead);
		}

		Duration delay() {
			return this.delay;
		}

		@Override
		public Caller caller() {
			return this.caller;
		}

		@Override
		public double worth(Instant moment) {
			VirtualJobs.this.appraisals++;
			return (double) Duration.between(this.askedAt, moment).toNanos() / this.delay.toNanos();
		}

		private void look() {
			if (VirtualJobs.this.dead.contains(this.gate)) {
				return;
			}
			VirtualJobs.this.looks++;
			Duration sleep = this.poll.await(clock());
			if (!sleep.isZero()) {
				in(sleep.plusNanos(jitter(2)), this::look);
				return;
			}
			this.askedAt = clock();
			in(Duration.ofNanos(jitter(100)), () -> {
				VirtualJobs.this.polls.add(new Poll(this, VirtualJobs.this.now));
				Answer answer = VirtualJobs.this.provider.apply(this);
				in(replyTime(), () -> {
					this.poll.hear(answer, clock());
					in(this.delay, this::look);
				});
			});
		}

	}

	/** Adds jobs that are due for the first time at any moment within their delay. */
	VirtualJobs add(ProviderGate gate, int count, Duration delay) {
		return add(gate, count, delay, Duration.ZERO);
	}

	/**
	 * The same on a node whose clock is wrong.
	 * @param ahead by how much
	 */
	VirtualJobs add(ProviderGate gate, int count, Duration delay, Duration ahead) {
		return add(gate, count, delay, ahead, Caller.ANY);
	}

	/** The same of a caller. */
	VirtualJobs add(ProviderGate gate, int count, Duration delay, Caller caller) {
		return add(gate, count, delay, Duration.ZERO, caller);
	}

	private VirtualJobs add(ProviderGate gate, int count, Duration delay, Duration ahead, Caller caller) {
		for (int i = 0; i < count; i++) {
			Job job = new Job(gate, delay, ahead, caller);
			this.jobs.add(job);
			in(Duration.ofNanos(jitter(delay.toMillis())), job::look);
		}
		return this;
	}

	/** The node behind a gate is no more: what it has sent arrives. */
	void kill(ProviderGate gate) {
		this.dead.add(gate);
	}

	/** How many replies take up to 90 s, 0 to 1. */
	void replyLate(double part) {
		this.lateReplies = part;
	}

	private Duration replyTime() {
		boolean late = this.lateReplies > 0 && this.random.nextDouble() < this.lateReplies;
		return Duration.ofNanos(jitter(late ? 90_000 : 100));
	}

	VirtualJobs answer(Function<Job, Answer> function) {
		this.provider = function;
		return this;
	}

	/** Lets time pass; also from within, while something takes its time. */
	VirtualJobs run(Duration time) {
		Instant end = this.now.plus(time);
		while (!this.events.isEmpty() && !this.events.peek().at().isAfter(end)) {
			Event event = this.events.poll();
			advance(event.at());
			event.what().run();
		}
		advance(end);
		return this;
	}

	private void advance(Instant moment) {
		this.now = moment.isAfter(this.now) ? moment : this.now;
	}

	List<Job> jobs() {
		return this.jobs;
	}

	List<Poll> polls() {
		return this.polls;
	}

	Instant now() {
		return this.now;
	}

	/** How often a job asked for a place. */
	long looks() {
		return this.looks;
	}

	/** How often the gate asked what a poll is worth. */
	long appraisals() {
		return this.appraisals;
	}

	Random random() {
		return this.random;
	}

	/** Has something happen later. */
	void in(Duration time, Runnable what) {
		this.events.add(new Event(this.now.plus(time), this.eventCount++, what));
	}

	private long jitter(long millis) {
		return this.random.nextLong(millis * 1_000_000 + 1);
	}

}
