package io.vedette.schedule;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The ages at which asking pays best, for a known distribution of completion times:
 * optimal inspection (Barlow, Hunter and Proschan 1963), by a backward sweep over the
 * ages that come into question. Ages, lags and prices are in seconds.
 */
final class Inspection {

	/** A plan goes no further: jobs of months may be asked for every second. */
	private static final int MOST_AGES = 100_000;

	private final double[] ages;

	private final double[] survival;

	/** Integral of the survival from the first age. */
	private final double[] waiting;

	private final double minDelay;

	private final double maxDelay;

	/**
	 * Prepares the sweep.
	 * @param ages at which may be asked, rising; the first is where the wait begins
	 * @param survival share of the jobs that take longer than an age
	 */
	Inspection(double[] ages, DoubleUnaryOperator survival, double minDelay, double maxDelay) {
		this.ages = ages;
		this.survival = Arrays.stream(ages).map(survival).toArray();
		this.waiting = new double[ages.length];
		for (int i = 1; i < ages.length; i++) {
			this.waiting[i] = this.waiting[i - 1]
					+ (this.survival[i] + this.survival[i - 1]) / 2 * (ages[i] - ages[i - 1]);
		}
		this.minDelay = minDelay;
		this.maxDelay = maxDelay;
	}

	/** Mean completion time. */
	double mean() {
		return this.waiting[this.waiting.length - 1];
	}

	/**
	 * The best plan.
	 * @param price seconds of lag that one poll is worth
	 */
	Plan plan(double price) {
		int[] next = steps(price);
		Cost cost = cost(next);
		return new Plan(price, follow(next), cost.polls(), cost.lag());
	}

	/** What the best plan costs, without the list of its ages: it may be a long one. */
	Cost cost(double price) {
		return cost(steps(price));
	}

	/** Which age follows each. */
	private int[] steps(double price) {
		int last = this.ages.length - 1;
		double[] cost = new double[last + 1];
		int[] next = new int[last + 1];
		for (int i = last - 1; i >= 0; i--) {
			cost[i] = Double.POSITIVE_INFINITY;
			for (int j = i + 1; j <= last && mayFollow(i, j); j++) {
				double total = price * polls(i, j) + lag(i, j) + cost[j];
				if (total < cost[i] && (isLongEnough(i, j) || j == last)) {
					cost[i] = total;
					next[i] = j;
				}
			}
		}
		return next;
	}

	/** A longer wait comes into question only where no shorter one does. */
	private boolean mayFollow(int i, int j) {
		return this.ages[j] - this.ages[i] <= this.maxDelay || j == i + 1 || !isLongEnough(i, j - 1);
	}

	private boolean isLongEnough(int i, int j) {
		return this.ages[j] - this.ages[i] >= this.minDelay;
	}

	private Cost cost(int[] next) {
		double polls = 0;
		double lag = 0;
		for (int i = 0; i < next.length - 1; i = next[i]) {
			polls += polls(i, next[i]);
			lag += lag(i, next[i]);
		}
		return new Cost(polls, lag);
	}

	private double[] follow(int[] next) {
		return IntStream.iterate(0, (i) -> i < next.length - 1, (i) -> next[i])
			.boxed()
			.flatMapToDouble((i) -> follow(this.ages[i], this.ages[next[i]], parts(i, next[i])))
			.limit(MOST_AGES)
			.toArray();
	}

	private static DoubleStream follow(double from, double to, int parts) {
		return IntStream.rangeClosed(1, parts).mapToDouble((part) -> from + (to - from) * part / parts);
	}

	/** A wait longer than may be is cut into even parts. */
	private int parts(int i, int j) {
		return (int) Math.ceil((this.ages[j] - this.ages[i]) / this.maxDelay - 1e-9);
	}

	private double polls(int i, int j) {
		int parts = parts(i, j);
		return parts * this.survival[i] - (this.survival[i] - this.survival[j]) * (parts - 1) / 2;
	}

	private double lag(int i, int j) {
		double wait = this.ages[j] - this.ages[i];
		double lag = this.survival[i] * wait - (this.waiting[j] - this.waiting[i]);
		int parts = parts(i, j);
		return (parts == 1) ? lag : Math.min(lag, (this.survival[i] - this.survival[j]) * wait / parts / 2);
	}

	/**
	 * What a job costs by a plan.
	 *
	 * @param polls expected number a job
	 * @param lag expected, from finished to noticed
	 */
	record Cost(double polls, double lag) {
	}

	/**
	 * Ages to ask at.
	 *
	 * @param price seconds of lag that one poll was worth
	 * @param ages rising, none of them zero
	 * @param polls expected number a job
	 * @param lag expected, from finished to noticed
	 */
	record Plan(double price, double[] ages, double polls, double lag) {
	}

}
