package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Function;

/**
 * Jobs at a gate, in virtual time: each sleeps until it is due and then as long as the
 * gate says, its timer up to 2 ms late; a poll takes up to 200 ms there and back.
 */
final class VirtualJobs {

	private static final Instant START = Instant.parse("2026-05-27T12:00:00Z");

	private final PriorityQueue<Event> events = new PriorityQueue<>(
			Comparator.comparing(Event::at).thenComparing(Event::number));

	private final List<Job> jobs = new ArrayList<>();

	private final List<Poll> polls = new ArrayList<>();

	private final Random random;

	private Function<Job, Answer> provider = (job) -> Answer.of(AnswerClass.PENDING, null, Duration.ZERO);

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

		private final WaitingPoll poll;

		private Instant askedAt;

		private Job(ProviderGate gate, Duration delay) {
			this.delay = delay;
			this.askedAt = VirtualJobs.this.now;
			this.poll = new WaitingPoll(gate, this);
		}

		Duration delay() {
			return this.delay;
		}

		@Override
		public double worth(Instant moment) {
			VirtualJobs.this.appraisals++;
			return (double) Duration.between(this.askedAt, moment).toNanos() / this.delay.toNanos();
		}

		private void look() {
			VirtualJobs.this.looks++;
			Duration sleep = this.poll.await(VirtualJobs.this.now);
			if (!sleep.isZero()) {
				in(sleep.plusNanos(jitter(2)), this::look);
				return;
			}
			this.askedAt = VirtualJobs.this.now;
			in(Duration.ofNanos(jitter(100)), () -> {
				VirtualJobs.this.polls.add(new Poll(this, VirtualJobs.this.now));
				Answer answer = VirtualJobs.this.provider.apply(this);
				in(Duration.ofNanos(jitter(100)), () -> {
					this.poll.hear(answer, VirtualJobs.this.now);
					in(this.delay, this::look);
				});
			});
		}

	}

	/** Adds jobs that are due for the first time at any moment within their delay. */
	VirtualJobs add(ProviderGate gate, int count, Duration delay) {
		for (int i = 0; i < count; i++) {
			Job job = new Job(gate, delay);
			this.jobs.add(job);
			in(Duration.ofNanos(jitter(delay.toMillis())), job::look);
		}
		return this;
	}

	VirtualJobs answer(Function<Job, Answer> function) {
		this.provider = function;
		return this;
	}

	/** Lets time pass. */
	VirtualJobs run(Duration time) {
		Instant end = this.now.plus(time);
		while (!this.events.peek().at().isAfter(end)) {
			Event event = this.events.poll();
			this.now = event.at();
			event.what().run();
		}
		this.now = end;
		return this;
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

	private void in(Duration time, Runnable what) {
		this.events.add(new Event(this.now.plus(time), this.eventCount++, what));
	}

	private long jitter(long millis) {
		return this.random.nextLong(millis * 1_000_000 + 1);
	}

}
