package io.vedette.schedule;

import java.util.Arrays;
import java.util.List;

/**
 * A smooth density from intervals, by expectation and maximisation with a smoothing step
 * in between (Silverman, Jones, Wilson and Nychka 1990; without the step it is Turnbull's
 * estimator). An interval's job is spread over the interval as the density says, so where
 * nobody asked nothing is concluded, and a schedule does not confirm itself. The axis is
 * the logarithm of age, made linear below a scale; scale and bandwidth are those that
 * best foretell jobs held back.
 */
final class Smoothing {

	private static final int CELLS = 256;

	private static final int ROUNDS = 20;

	/** Wide intervals need many rounds until the narrow ones have told on them. */
	private static final int LAST_ROUNDS = 200;

	private static final int FOLDS = 3;

	/** Older finished jobs weigh half as much every so many. */
	private static final double HALF_LIFE = 300;

	/** Quantiles that scale the axis: the low one where there are several modes. */
	private static final double[] SCALES = { 0.1, 0.5 };

	/** Shares of the axis. */
	private static final double[] BANDWIDTHS = { 0.005, 0.01, 0.02, 0.04, 0.08, 0.15 };

	/** The axis goes on behind the last finish by that much. */
	private static final double MARGIN = 0.3;

	/** How much is believed at least in finishes that look impossible. */
	private static final double DOUBT = 0.02;

	private final double scale;

	private final double step;

	private final double[] weights;

	private final int[] from;

	private final int[] to;

	private double[] mass;

	private double[] before;

	private double[] moment;

	private Smoothing(List<CompletionInterval> finishes, double scale) {
		double last = finishes.stream().mapToDouble(CompletionInterval::by).max().orElseThrow();
		this.scale = scale;
		this.step = (Math.log1p(last / scale) + MARGIN) / CELLS;
		this.weights = weights(finishes.size());
		this.from = new int[finishes.size()];
		this.to = new int[finishes.size()];
		for (int i = 0; i < this.from.length; i++) {
			this.to[i] = Math.max(1, edge(finishes.get(i).by()));
			this.from[i] = Math.min(edge(finishes.get(i).after()), this.to[i] - 1);
		}
	}

	/** The density that the finished jobs, the latest first, tell of. */
	static Smoothing fit(List<CompletionInterval> finishes) {
		double[] ends = finishes.stream().mapToDouble(CompletionInterval::by).sorted().toArray();
		Smoothing best = null;
		double bestBandwidth = 0;
		double bestLikelihood = Double.NEGATIVE_INFINITY;
		for (double scale : SCALES) {
			Smoothing smoothing = new Smoothing(finishes, ends[(int) (ends.length * scale)]);
			for (double bandwidth : BANDWIDTHS) {
				double likelihood = smoothing.foretold(bandwidth * CELLS);
				if (likelihood > bestLikelihood) {
					best = smoothing;
					bestBandwidth = bandwidth;
					bestLikelihood = likelihood;
				}
			}
		}
		best.settle(best.estimate(best.weights, bestBandwidth * CELLS, LAST_ROUNDS));
		return best;
	}

	/** What each of so many finished jobs weighs, the latest first. */
	static double[] weights(int count) {
		double[] weights = new double[count];
		Arrays.setAll(weights, (i) -> Math.pow(0.5, i / HALF_LIFE));
		return weights;
	}

	/** Share of the jobs that take longer than that. */
	double survival(double age) {
		double place = Math.min(CELLS, Math.log1p(age / this.scale) / this.step);
		int cell = Math.min(CELLS - 1, (int) place);
		double part = Math.min(1, (age - age(cell)) / (age(cell + 1) - age(cell)));
		return Math.max(0, 1 - this.before[cell] - part * this.mass[cell]);
	}

	/** The age by which that share of the jobs has finished. */
	double quantile(double share) {
		int cell = 0;
		while (cell < CELLS - 1 && this.before[cell + 1] < share) {
			cell++;
		}
		double part = (this.mass[cell] > 0) ? Math.min(1, (share - this.before[cell]) / this.mass[cell]) : 1;
		return age(cell) + part * (age(cell + 1) - age(cell));
	}

	/** When a job most likely finished of which only an interval is known. */
	double expected(CompletionInterval finish) {
		int end = Math.max(1, edge(finish.by()));
		int begin = Math.min(edge(finish.after()), end - 1);
		double share = this.before[end] - this.before[begin];
		double expected = (share > 1e-12) ? (this.moment[end] - this.moment[begin]) / share : finish.by();
		return Math.max(finish.after(), Math.min(finish.by(), expected));
	}

	/** Logarithm of the likelihood of jobs that the estimate has not seen. */
	private double foretold(double bandwidth) {
		double likelihood = 0;
		for (int fold = 0; fold < FOLDS; fold++) {
			double[] seen = this.weights.clone();
			for (int i = fold; i < seen.length; i += FOLDS) {
				seen[i] = 0;
			}
			double[] sums = sums(estimate(seen, bandwidth, ROUNDS));
			for (int i = fold; i < seen.length; i += FOLDS) {
				double share = sums[this.to[i]] - sums[this.from[i]];
				double blind = (double) (this.to[i] - this.from[i]) / CELLS;
				likelihood += this.weights[i] * Math.log((1 - DOUBT) * share + DOUBT * blind);
			}
		}
		return likelihood;
	}

	private double[] estimate(double[] jobs, double bandwidth, int rounds) {
		double[] density = new double[CELLS];
		Arrays.setAll(density, (cell) -> age(cell + 1) - age(cell));
		for (int round = 0; round <= rounds; round++) {
			density = smooth(spread(density, jobs), bandwidth);
		}
		return density;
	}

	/** Spreads each job over its interval as the density says. */
	private double[] spread(double[] density, double[] jobs) {
		double[] sums = sums(density);
		double[] change = new double[CELLS + 1];
		double all = 0;
		for (int i = 0; i < jobs.length; i++) {
			double level = jobs[i] / Math.max(sums[this.to[i]] - sums[this.from[i]], 1e-12);
			change[this.from[i]] += level;
			change[this.to[i]] -= level;
			all += jobs[i];
		}
		double[] result = new double[CELLS];
		double level = 0;
		for (int cell = 0; cell < CELLS; cell++) {
			level += change[cell];
			result[cell] = density[cell] * Math.max(0, level) / Math.max(all, 1e-12);
		}
		return result;
	}

	/** Three moving averages, which together are close to a Gaussian. */
	private static double[] smooth(double[] density, double bandwidth) {
		int radius = (int) Math.round((Math.sqrt(4 * bandwidth * bandwidth + 1) - 1) / 2);
		double[] result = density;
		for (int pass = 0; pass < 3 && radius > 0; pass++) {
			result = average(result, radius);
		}
		return result;
	}

	/** Both ends are mirrors. */
	private static double[] average(double[] density, int radius) {
		double[] sums = sums(density);
		double[] result = new double[CELLS];
		for (int cell = 0; cell < CELLS; cell++) {
			int low = cell - radius;
			int high = cell + radius + 1;
			double sum = sums[Math.min(high, CELLS)] - sums[Math.max(low, 0)];
			sum += (low < 0) ? sums[-low] : 0;
			sum += (high > CELLS) ? sums[CELLS] - sums[2 * CELLS - high] : 0;
			result[cell] = Math.max(0, sum) / (2 * radius + 1);
		}
		return result;
	}

	private void settle(double[] density) {
		this.mass = density;
		this.before = sums(density);
		double[] moments = new double[CELLS];
		Arrays.setAll(moments, (cell) -> density[cell] * (age(cell) + age(cell + 1)) / 2);
		this.moment = sums(moments);
	}

	private static double[] sums(double[] values) {
		double[] sums = new double[values.length + 1];
		for (int i = 0; i < values.length; i++) {
			sums[i + 1] = sums[i] + values[i];
		}
		return sums;
	}

	private int edge(double age) {
		return (int) Math.min(CELLS, Math.round(Math.log1p(age / this.scale) / this.step));
	}

	private double age(int edge) {
		return this.scale * Math.expm1(edge * this.step);
	}

}
