package io.vedette.schedule.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code learned} needs for its mean lag after a history of polled jobs, and what
 * others need for the same lag.
 *
 * @param workload what was polled
 * @param learned its score
 * @param optimum polls a job of the best schedule there is
 * @param fixed score of the best fixed interval
 * @param backoff score of the best exponential back-off
 */
record Comparison(Workload workload, Score learned, double optimum, Score fixed, Score backoff) {

	static final int HISTORY = 200;

	/** Jobs of a provider that drifts differ: it is looked at all along. */
	private static final List<Integer> ALL_ALONG = List.of(200, 600, 1000, 1400, 1800, 2200);

	private static final int PLACES = 8;

	/**
	 * The mean of several runs.
	 * @param lag the target, as a share of the mean completion time
	 */
	static Comparison of(Workload workload, double lag, int seeds) {
		List<Comparison> runs = new ArrayList<>();
		List<Integer> moments = (workload == Workload.DRIFTING) ? ALL_ALONG : List.of(HISTORY);
		List<Optimum> optima = moments.stream().map((jobs) -> new Optimum(workload.at(jobs))).toList();
		for (int seed = 0; seed < seeds; seed++) {
			History history = new History(workload, History.goals(workload, lag), seed);
			for (int i = 0; i < moments.size(); i++) {
				Policy learned = Policy.of(history.until(moments.get(i)).schedule());
				runs.add(of(learned, workload.at(moments.get(i)), optima.get(i)));
			}
		}
		return mean(workload, runs);
	}

	private static Comparison of(Policy policy, Workload workload, Optimum optimum) {
		Score learned = Score.of(policy, workload, PLACES);
		return new Comparison(workload, learned, optimum.polls(learned.lag()),
				Score.of(Baseline.fixed(workload, learned.lag()), workload, 1),
				Score.of(Baseline.backoff(workload, learned.lag()), workload, 1));
	}

	private static Comparison mean(Workload workload, List<Comparison> runs) {
		return new Comparison(workload, Score.mean(runs.stream().map(Comparison::learned).toList()),
				runs.stream().mapToDouble(Comparison::optimum).average().orElseThrow(),
				Score.mean(runs.stream().map(Comparison::fixed).toList()),
				Score.mean(runs.stream().map(Comparison::backoff).toList()));
	}

	/** How many times the polls of the optimum. */
	double toOptimum() {
		return this.learned.polls() / this.optimum;
	}

	/** How many times the polls of the best fixed interval. */
	double toFixed() {
		return this.learned.polls() / this.fixed.polls();
	}

}
