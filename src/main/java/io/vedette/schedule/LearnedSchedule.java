package io.vedette.schedule;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Asks when an answer is likely: at the ages that are best for what is known about the
 * completion times of a provider, and ever more rarely behind the last of them.
 */
public final class LearnedSchedule implements PollSchedule {

	/** With fewer finished jobs there is nothing to learn from. */
	public static final int LEAST_HISTORY = 30;

	/**
	 * Jobs of one schedule are asked up to this share of the wait around a poll apart.
	 */
	private static final double SPREAD = 0.2;

	/**
	 * This share of the jobs is asked once more, at some moment before the first age:
	 * what happens there nobody would learn of otherwise.
	 */
	private static final double CURIOUS = 0.04;

	/** However likely it is that a job has finished, a poll may be in vain. */
	private static final double LEAST_DOUBT = 0.02;

	/** After a poll that came late, the next is left out if it were nearer than that. */
	private static final double TOO_NEAR = 0.25;

	/** Waits behind the last learned age grow by that. */
	private static final double GROWTH = 1.25;

	private static final int LEAST_CANDIDATES = 144;

	private static final int MOST_CANDIDATES = 600;

	/**
	 * Fewer polls a job can't be had: some are asked in vain even if all are asked late.
	 */
	private static final double FEWEST_POLLS = 1.05;

	/** Parts that are smaller have no say in what a poll costs. */
	private static final double LEAST_SHARE = 1e-6;

	private final CompletionTimes times;

	private final Inspection.Plan plan;

	private final Goals goals;

	private LearnedSchedule(CompletionTimes times, Goals goals, Inspection.Plan plan) {
		this.times = times;
		this.plan = plan;
		this.goals = goals;
	}

	/**
	 * What a schedule is for.
	 *
	 * @param targetLag mean time from finished to noticed
	 * @param minDelay shortest wait between two polls of a job
	 * @param maxDelay longest wait between two polls of a job
	 * @param round time in which the rate limit lets each waiting job be asked once; zero
	 * without a limit
	 */
	public record Goals(Duration targetLag, Duration minDelay, Duration maxDelay, Duration round) {
	}

	/**
	 * Jobs that are asked for by a schedule of their own.
	 *
	 * @param share which part of the provider's jobs they are, 0 to 1
	 */
	record Part(CompletionTimes times, double share) {
	}

	/**
	 * The schedule for these completion times: the fewest polls that meet the target, or
	 * the shortest lag that the rate limit allows.
	 */
	public static LearnedSchedule of(CompletionTimes times, Goals goals) {
		return of(List.of(new Part(times, 1)), goals).get(0);
	}

	/**
	 * The same for jobs of several kinds that share the polls: a poll has one price,
	 * whichever it is spent on, and the target is the mean lag of all of them.
	 * @return a schedule for each part, in order
	 */
	static List<LearnedSchedule> of(List<Part> parts, Goals goals) {
		double price = price(parts.stream().filter((part) -> part.share() > LEAST_SHARE).toList(), goals);
		return parts.stream()
			.map((part) -> new LearnedSchedule(part.times(), goals, inspection(part.times(), goals).plan(price)))
			.toList();
	}

	private static double price(List<Part> parts, Goals goals) {
		List<Inspection> inspections = parts.stream().map((part) -> inspection(part.times(), goals)).toList();
		double target = seconds(goals.targetLag());
		double round = seconds(goals.round());
		double mean = mean(parts, (i) -> inspections.get(i).mean());
		DoubleFunction<List<Inspection.Cost>> costs = (
				price) -> inspections.stream().map((one) -> one.cost(price)).toList();
		Predicate<List<Inspection.Cost>> tooMany = (cost) -> polls(parts, cost) > FEWEST_POLLS
				&& polls(parts, cost) * round > mean + lag(parts, cost);
		double price = highest(target / 1000, (one) -> lag(parts, costs.apply(one)) <= target);
		return tooMany.test(costs.apply(price)) ? highest(price, (one) -> tooMany.test(costs.apply(one))) : price;
	}

	private static Inspection inspection(CompletionTimes times, Goals goals) {
		double steps = times.quantile(0.95) / seconds(goals.targetLag());
		int count = (int) Math.max(LEAST_CANDIDATES, Math.min(MOST_CANDIDATES, 2 * steps));
		double minDelay = seconds(goals.minDelay());
		return new Inspection(times.candidates(count, minDelay), times::survival, minDelay, seconds(goals.maxDelay()));
	}

	private static double polls(List<Part> parts, List<Inspection.Cost> costs) {
		return mean(parts, (i) -> costs.get(i).polls());
	}

	private static double lag(List<Part> parts, List<Inspection.Cost> costs) {
		return mean(parts, (i) -> costs.get(i).lag());
	}

	private static double mean(List<Part> parts, IntToDoubleFunction value) {
		return IntStream.range(0, parts.size()).mapToDouble((i) -> parts.get(i).share() * value.applyAsDouble(i)).sum();
	}

	/** The highest price for which something holds that holds for low ones. */
	private static double highest(double low, Predicate<Double> holds) {
		double price = low;
		for (double factor = 1024; factor > 1.03; factor = Math.sqrt(factor)) {
			while (price < 1e9 && holds.test(price * factor)) {
				price *= factor;
			}
		}
		return price;
	}

	@Override
	public Duration nextAge(Duration age) {
		return nextAge(age, 0.5);
	}

	@Override
	public Duration nextAge(Duration age, double place) {
		Duration next = duration(scheduled(seconds(age), place));
		return PollSchedule.clamp(next, age.plus(this.goals.minDelay()), age.plus(this.goals.maxDelay()));
	}

	/**
	 * The next age of the plan.
	 */
	private double scheduled(double now, double place) {
		double shift = SPREAD * (place - 0.5);
		double[] ages = this.plan.ages();
		if (isCurious(place) && now < ages[0] * place / CURIOUS) {
			return ages[0] * place / CURIOUS;
		}
		int first = firstAfter(now);
		double before = (first > 0) ? ages[first - 1] : 0;
		double wait = before - ((first > 1) ? ages[first - 2] : 0);
		for (int i = first; i < ages.length; i++) {
			wait = ages[i] - before;
			double behind = (i + 1 < ages.length) ? ages[i + 1] - ages[i] : wait;
			double next = ages[i] + shift * Math.min(wait, behind);
			if (next - now > TOO_NEAR * wait) {
				return next;
			}
			before = ages[i];
		}
		return behindLast(now, wait, shift);
	}

	/** The first age that may, shifted, be later than now. */
	private int firstAfter(double now) {
		int found = Arrays.binarySearch(this.plan.ages(), now);
		return Math.max(0, ((found >= 0) ? found : -found - 1) - 1);
	}

	private double behindLast(double now, double lastWait, double shift) {
		double longest = seconds(this.goals.maxDelay());
		double wait = Math.max(lastWait, seconds(this.goals.minDelay()));
		double next = this.plan.ages()[this.plan.ages().length - 1];
		while (next + shift * wait - now <= TOO_NEAR * wait) {
			wait = Math.min(longest, wait * GROWTH);
			// The longest waits are even: no need to walk them one by one.
			double even = (wait < longest) ? 1 : Math.max(1, Math.floor((now - next) / wait));
			next += wait * even;
		}
		return next + shift * wait;
	}

	/**
	 * The lag that a poll now saves, weighed against the chance that it is in vain: now
	 * or at the age that would come next.
	 */
	@Override
	public double worth(Duration asked, Duration due, Duration age, double place) {
		double now = seconds(age);
		if (isCurious(place) && now <= 2 * this.plan.ages()[0]) {
			return Double.POSITIVE_INFINITY;
		}
		double chance = chance(Math.max(0, seconds(asked)), Math.max(0, now));
		return chance * (seconds(nextAge(age, place)) - now) / (1 - chance + LEAST_DOUBT);
	}

	/**
	 * How likely it is that a job that was pending at one age has finished by another.
	 */
	private double chance(double pendingAge, double age) {
		double before = this.times.survival(pendingAge);
		return (before > 0) ? Math.max(0, 1 - this.times.survival(age) / before) : 1;
	}

	private static boolean isCurious(double place) {
		return place < CURIOUS;
	}

	/**
	 * The age by which a share of the jobs has finished.
	 * @param share from 0 to 1, 1 excluded
	 */
	public Duration quantile(double share) {
		return duration(this.times.quantile(share));
	}

	/** The ages at which a job is asked for; behind the last, waits grow. */
	public List<Duration> ages() {
		return Arrays.stream(this.plan.ages()).mapToObj(LearnedSchedule::duration).toList();
	}

	/** Expected polls a job. */
	public double expectedPolls() {
		return this.plan.polls();
	}

	/** Expected mean time from finished to noticed. */
	public Duration expectedLag() {
		return duration(this.plan.lag());
	}

	/** How much lag one poll is worth. */
	public Duration price() {
		return duration(this.plan.price());
	}

	private static double seconds(Duration duration) {
		return duration.toNanos() / 1e9;
	}

	private static Duration duration(double seconds) {
		return Duration.ofNanos((long) (seconds * 1e9));
	}

}
