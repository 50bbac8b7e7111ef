package io.vedette.schedule.simulation;

import java.util.ArrayList;
import java.util.List;

import io.vedette.schedule.LearnedSchedule.Goals;

/**
 * What jobs of one kind need among those of another, and the least that any schedule
 * needs for the same mean lag of that kind.
 *
 * @param kind whose jobs these are
 * @param score of the schedule that they go by
 * @param optimum polls a job of the best schedule there is for that kind alone
 */
record KindComparison(Workload kind, Score score, double optimum) {

	private static final int PLACES = 8;

	/**
	 * The mean of several runs, for each kind.
	 * @param apart whether jobs tell their kind
	 * @param lag the target, as a share of the mean completion time of all
	 * @param jobs how many have finished
	 */
	static List<KindComparison> of(boolean apart, double lag, int jobs, int seeds) {
		Goals goals = History.goals(Workload.MIXTURE, lag);
		List<MixedHistory> runs = new ArrayList<>();
		for (int seed = 0; seed < seeds; seed++) {
			runs.add(new MixedHistory(apart, goals, seed).watch(jobs));
		}
		return MixedHistory.KINDS.stream().map((kind) -> of(kind, runs)).toList();
	}

	private static KindComparison of(Workload kind, List<MixedHistory> runs) {
		Optimum optimum = new Optimum(kind);
		List<Score> scores = runs.stream().map((run) -> Score.of(run.policy(kind), kind, PLACES)).toList();
		return new KindComparison(kind, Score.mean(scores),
				scores.stream().mapToDouble((score) -> optimum.polls(score.lag())).average().orElseThrow());
	}

	/** How many times the polls of the optimum. */
	double toOptimum() {
		return this.score.polls() / this.optimum;
	}

}
