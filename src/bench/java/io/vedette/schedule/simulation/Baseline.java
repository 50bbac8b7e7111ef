package io.vedette.schedule.simulation;

import java.util.function.DoubleFunction;

/** The simple policies, tuned as well as they can be. */
final class Baseline {

	private Baseline() {
	}

	/** The fixed interval with that mean lag. */
	static Policy fixed(Workload workload, double lag) {
		return tuned(Policy::fixed, workload, lag, lag / 10, lag * 100);
	}

	/** The exponential back-off with that mean lag that needs the fewest polls. */
	static Policy backoff(Workload workload, double lag) {
		Policy best = null;
		double fewest = Double.POSITIVE_INFINITY;
		for (double share : new double[] { 0.1, 0.25, 0.5, 1, 1.5 }) {
			double first = share * lag;
			Policy policy = tuned((factor) -> Policy.backoff(first, factor, Double.POSITIVE_INFINITY), workload, lag, 1,
					10);
			Score score = Score.of(policy, workload, 1);
			// The lag jumps where a poll more or less fits in: not every lag can be had.
			if (score.polls() < fewest && Math.abs(score.lag() / lag - 1) < 0.05) {
				fewest = score.polls();
				best = policy;
			}
		}
		return best;
	}

	/** The policy of a family that has that mean lag. */
	private static Policy tuned(DoubleFunction<Policy> family, Workload workload, double lag, double least,
			double most) {
		double low = least;
		double high = most;
		while (high / low > 1.0001) {
			double middle = Math.sqrt(low * high);
			if (Score.of(family.apply(middle), workload, 1).lag() < lag) {
				low = middle;
			}
			else {
				high = middle;
			}
		}
		return family.apply(Math.sqrt(low * high));
	}

}
