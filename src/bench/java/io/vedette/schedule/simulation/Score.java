package io.vedette.schedule.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * How a policy does on a workload.
 *
 * @param polls expected a job
 * @param lag mean time from finished to noticed, in seconds
 * @param lag95 the lag that 95 % of the jobs stay below
 */
record Score(double polls, double lag, double lag95) {

	private static final double NEARLY_ALL = 1 - 1e-6;

	/**
	 * Computes it from the distribution, without drawing jobs.
	 * @param jobs how many places among the jobs are looked at
	 */
	static Score of(Policy policy, Workload workload, int jobs) {
		List<double[]> ages = new ArrayList<>();
		for (int i = 0; i < jobs; i++) {
			ages.add(ages(policy, workload, (i + 0.5) / jobs));
		}
		double polls = ages.stream().mapToDouble((one) -> polls(one, workload)).average().orElseThrow();
		double noticed = ages.stream().mapToDouble((one) -> noticed(one, workload)).average().orElseThrow();
		return new Score(polls, noticed - workload.mean(), lag95(ages, workload));
	}

	static Score mean(List<Score> scores) {
		return new Score(scores.stream().mapToDouble(Score::polls).average().orElseThrow(),
				scores.stream().mapToDouble(Score::lag).average().orElseThrow(),
				scores.stream().mapToDouble(Score::lag95).average().orElseThrow());
	}

	private static double[] ages(Policy policy, Workload workload, double place) {
		List<Double> ages = new ArrayList<>();
		double age = 0;
		while (workload.finished(age) < NEARLY_ALL) {
			age = policy.next(age, ages.size(), place);
			ages.add(age);
		}
		return ages.stream().mapToDouble(Double::doubleValue).toArray();
	}

	private static double polls(double[] ages, Workload workload) {
		double polls = 1;
		for (int i = 0; i < ages.length - 1; i++) {
			polls += 1 - workload.finished(ages[i]);
		}
		return polls;
	}

	private static double noticed(double[] ages, Workload workload) {
		double noticed = 0;
		double before = 0;
		for (double age : ages) {
			double finished = workload.finished(age);
			noticed += age * (finished - before);
			before = finished;
		}
		return noticed;
	}

	private static double lag95(List<double[]> ages, Workload workload) {
		double low = 0;
		double high = 10_000;
		while (high - low > 1e-4 * high) {
			double middle = (low + high) / 2;
			double later = ages.stream().mapToDouble((one) -> later(one, middle, workload)).average().orElseThrow();
			if (later > 0.05) {
				low = middle;
			}
			else {
				high = middle;
			}
		}
		return high;
	}

	/** Share of the jobs noticed later than that. */
	private static double later(double[] ages, double lag, Workload workload) {
		double later = 0;
		double before = 0;
		for (double age : ages) {
			later += Math.max(0, workload.finished(age - lag) - before);
			before = workload.finished(age);
		}
		return later;
	}

}
