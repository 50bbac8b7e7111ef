package io.vedette.schedule;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * How long the jobs of a provider take: a distribution of completion times, learned from
 * jobs of which only intervals are known. Ages are in seconds.
 */
public final class CompletionTimes {

	/** This share of the jobs, those that take longest, is taken for exponential. */
	private static final double TAIL = 0.1;

	/** The tail is looked at up to that many times its mean. */
	private static final double TAIL_END = 7;

	private final Smoothing body;

	private final double tailAge;

	private final double tailShare;

	private final double tailMean;

	private CompletionTimes(Smoothing body, double tailAge, double tailMean) {
		this.body = body;
		this.tailAge = tailAge;
		this.tailShare = Math.max(1e-9, body.survival(tailAge));
		this.tailMean = tailMean;
	}

	/**
	 * Learns from finished jobs. Older ones fade.
	 * @param finishes at least one, the latest first
	 */
	public static CompletionTimes learn(List<CompletionInterval> finishes) {
		Smoothing body = Smoothing.fit(finishes);
		double[] weights = Smoothing.weights(finishes.size());
		double[] likely = finishes.stream().mapToDouble(body::expected).toArray();
		int[] longest = IntStream.range(0, likely.length)
			.boxed()
			.sorted(Comparator.comparingDouble((i) -> -likely[i]))
			.mapToInt(Integer::intValue)
			.toArray();
		double rest = TAIL * Arrays.stream(weights).sum();
		int begin = 0;
		while (begin < longest.length - 1 && rest > 0) {
			rest -= weights[longest[begin++]];
		}
		double age = likely[longest[begin]];
		// By the median: a single clock that jumped would move the mean.
		double median = likely[longest[begin / 2]] - age;
		return new CompletionTimes(body, age, Math.max(median / Math.log(2), 0.01 * age));
	}

	/** Share of the jobs that take longer than that. */
	public double survival(double age) {
		return (age <= this.tailAge) ? this.body.survival(age)
				: this.tailShare * Math.exp((this.tailAge - age) / this.tailMean);
	}

	/**
	 * The age by which a share of the jobs has finished.
	 * @param share from 0 to 1, 1 excluded
	 */
	public double quantile(double share) {
		return (share <= 1 - this.tailShare) ? Math.min(this.tailAge, this.body.quantile(share))
				: this.tailAge + this.tailMean * Math.log(this.tailShare / (1 - share));
	}

	/**
	 * Ages, rising from 0, at which asking is worth a thought: even steps of quantile,
	 * then the tail; and where steps are wide because no job ends there, the first moment
	 * at which may be asked.
	 * @param count number of steps
	 * @param minDelay shortest wait between two polls
	 */
	double[] candidates(int count, double minDelay) {
		double[] steps = steps(count);
		DoubleStream first = Arrays.stream(steps)
			.map((age) -> age + minDelay)
			.filter((age) -> Arrays.stream(steps).noneMatch((step) -> step >= age && step <= age + minDelay));
		return DoubleStream.concat(Arrays.stream(steps), first).sorted().toArray();
	}

	private double[] steps(int count) {
		int inTail = count / 3;
		int inBody = count - inTail;
		double[] ages = new double[count + 1];
		for (int i = 1; i <= inBody; i++) {
			ages[i] = Math.max(ages[i - 1] + 1e-6,
					(i < inBody) ? quantile((1 - this.tailShare) * i / inBody) : this.tailAge);
		}
		for (int i = 1; i <= inTail; i++) {
			ages[inBody + i] = ages[inBody] + this.tailMean * TAIL_END * Math.pow((double) i / inTail, 1.5);
		}
		return ages;
	}

}
