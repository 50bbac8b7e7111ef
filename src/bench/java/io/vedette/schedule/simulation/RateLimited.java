package io.vedette.schedule.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;

import io.vedette.schedule.CompletionTimes;
import io.vedette.schedule.CompletionInterval;
import io.vedette.schedule.LearnedSchedule;
import io.vedette.schedule.LearnedSchedule.Goals;
import io.vedette.schedule.Pace;
import io.vedette.schedule.RateLimit;

/**
 * Many jobs at once under a rate limit of 20 requests in any 10 s, in virtual time: as
 * soon as one is noticed to be finished, the next is registered. Due jobs wait for a
 * place: those first that are most likely to have finished where the schedule is learned,
 * first come first served otherwise.
 */
final class RateLimited {

	private static final int REQUESTS = 20;

	private static final double PERIOD = 10;

	private static final double LEARN_EVERY = 15;

	private final List<Job> jobs = new ArrayList<>();

	private final List<CompletionInterval> finishes = new ArrayList<>();

	private final Deque<Double> sent = new ArrayDeque<>();

	private final Pace pace = new Pace(new RateLimit(REQUESTS, duration(PERIOD)));

	private final Workload workload;

	private final Random random;

	private Policy policy;

	private LearnedSchedule learned;

	private double now;

	private RateLimited(Workload workload, int inFlight, Policy policy, long seed) {
		this.workload = workload;
		this.policy = policy;
		this.random = new Random(seed);
		for (int i = 0; i < inFlight; i++) {
			// Not all in the same instant, or every policy would begin with a queue.
			register(i * PERIOD / REQUESTS);
		}
	}

	/** Polls a job and lag of a policy, after jobs that do not count. */
	static Score of(Policy policy, Workload workload, int inFlight, int uncounted, int counted, long seed) {
		return new RateLimited(workload, inFlight, policy, seed).run(null, uncounted, counted);
	}

	/**
	 * The same for {@code learned}, which begins as a fixed 5 s and learns as it goes.
	 */
	static Score ofLearned(Workload workload, int inFlight, int uncounted, int counted, long seed) {
		return new RateLimited(workload, inFlight, Policy.fixed(5), seed).run(goals(inFlight), uncounted, counted);
	}

	/**
	 * The best score of one who knows the distribution, over prices around the one at
	 * which the polls just fill the limit.
	 */
	static Score ofKnowing(Workload workload, int inFlight, int uncounted, int counted, long seed) {
		return DoubleStream.of(0.8, 0.9, 1, 1.1)
			.mapToObj((load) -> LearnedSchedule.of(exact(workload), goals(load * inFlight)))
			.map((schedule) -> {
				RateLimited run = new RateLimited(workload, inFlight, Policy.of(schedule), seed);
				run.learned = schedule;
				return run.run(null, uncounted, counted);
			})
			.min(Comparator.comparingDouble(Score::lag))
			.orElseThrow();
	}

	private static CompletionTimes exact(Workload workload) {
		List<CompletionInterval> finishes = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			double time = workload.quantile((i + 0.5) / 1000);
			finishes.add(new CompletionInterval(0.999 * time, 1.001 * time));
		}
		Collections.shuffle(finishes, new Random(1));
		return CompletionTimes.learn(finishes);
	}

	private static Goals goals(double inFlight) {
		return new Goals(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofMinutes(10),
				duration(inFlight * PERIOD / REQUESTS));
	}

	private Score run(Goals goals, int uncounted, int counted) {
		List<double[]> noticed = new ArrayList<>();
		double learnAt = LEARN_EVERY;
		while (noticed.size() < uncounted + counted) {
			if (goals != null && this.now >= learnAt && this.finishes.size() >= LearnedSchedule.LEAST_HISTORY) {
				this.learned = LearnedSchedule.of(CompletionTimes.learn(this.finishes), goals);
				this.policy = Policy.of(this.learned);
				learnAt = this.now + LEARN_EVERY;
			}
			Job job = takeNext();
			if (job.poll(this.now)) {
				this.jobs.remove(job);
				noticed.add(new double[] { job.polls, this.now - job.registered - job.time });
				this.finishes.add(0, new CompletionInterval(job.pending, this.now - job.registered));
				register(this.now);
			}
			else {
				job.due = job.registered + this.policy.next(job.pending, job.polls, job.place);
			}
		}
		return score(noticed.subList(uncounted, noticed.size()));
	}

	private static Score score(List<double[]> noticed) {
		return new Score(noticed.stream().mapToDouble((one) -> one[0]).average().orElseThrow(),
				noticed.stream().mapToDouble((one) -> one[1]).average().orElseThrow(),
				noticed.stream().mapToDouble((one) -> one[1]).sorted().toArray()[(int) (0.95 * noticed.size())]);
	}

	/** Waits for a place and a due job, and picks it. */
	private Job takeNext() {
		double place = (this.sent.size() < REQUESTS) ? 0 : this.sent.removeFirst() + PERIOD;
		double due = this.jobs.stream().mapToDouble((job) -> job.due).min().orElseThrow();
		this.now = Math.max(this.now, Math.max(place, due));
		keepPace();
		this.sent.addLast(this.now);
		return this.jobs.stream()
			.filter((job) -> job.due <= this.now)
			.max(Comparator.comparingDouble(this::worth))
			.orElseThrow();
	}

	/** As the gate does: where more wait than the period has room for. */
	private void keepPace() {
		long used = this.sent.stream().filter((moment) -> moment > this.now - PERIOD).count();
		long others = this.jobs.stream().filter((job) -> job.due <= this.now).count() - 1;
		if (used + others >= REQUESTS) {
			Instant moment = Instant.EPOCH.plus(duration(this.now));
			Instant paced = this.pace.at(0, moment, REQUESTS);
			this.pace.sent(paced, REQUESTS);
			this.now += Duration.between(moment, paced).toNanos() / 1e9;
		}
	}

	private double worth(Job job) {
		return (this.learned == null) ? -job.due : this.learned.worth(duration(job.pending),
				duration(job.due - job.registered), duration(this.now - job.registered), job.place);
	}

	private void register(double moment) {
		Job job = new Job(moment, this.workload.draw(this.random), this.random.nextDouble());
		job.due = moment + this.policy.next(0, 0, job.place);
		this.jobs.add(job);
	}

	private static Duration duration(double seconds) {
		return Duration.ofNanos((long) (seconds * 1e9));
	}

	private static final class Job {

		private final double registered;

		private final double time;

		private final double place;

		private double pending;

		private double due;

		private int polls;

		Job(double registered, double time, double place) {
			this.registered = registered;
			this.time = time;
			this.place = place;
		}

		boolean poll(double now) {
			this.polls++;
			boolean finished = now - this.registered >= this.time;
			if (!finished) {
				this.pending = now - this.registered;
			}
			return finished;
		}

	}

}
