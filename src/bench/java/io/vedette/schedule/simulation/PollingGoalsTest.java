package io.vedette.schedule.simulation;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The goals of docs/polling.md, in virtual time. */
class PollingGoalsTest {

	private static final double TENTH_OF_THE_MEAN = 0.1;

	private static final int SEEDS = 3;

	@ParameterizedTest
	@MethodSource
	void asksHardlyMoreThanTheOptimum(Workload workload) {
		Comparison comparison = Comparison.of(workload, TENTH_OF_THE_MEAN, SEEDS);
		boolean easy = List.of(Workload.IMAGE, Workload.VIDEO).contains(workload);
		assertThat(comparison.toOptimum()).isBetween(0.99, easy ? 1.10 : 1.15);
		assertThat(comparison.toFixed()).isLessThan(easy ? 1 / 1.8 : 1.03);
		assertThat(comparison.learned().lag()).isLessThan(1.1 * TENTH_OF_THE_MEAN * workload.mean());
	}

	@Test
	void asksForEachKindHardlyMoreThanItsOptimum() {
		List<KindComparison> apart = KindComparison.of(true, TENTH_OF_THE_MEAN, 400, 1);
		List<KindComparison> asOne = KindComparison.of(false, TENTH_OF_THE_MEAN, 400, 1);
		assertThat(apart).allSatisfy((kind) -> assertThat(kind.toOptimum()).isBetween(0.99, 1.10));
		assertThat(polls(apart)).isLessThan(polls(asOne));
		assertThat(lag(apart)).isLessThan(1.1 * TENTH_OF_THE_MEAN * Workload.MIXTURE.mean());
	}

	private static double polls(List<KindComparison> kinds) {
		return Score.mean(kinds.stream().map(KindComparison::score).toList()).polls();
	}

	private static double lag(List<KindComparison> kinds) {
		return Score.mean(kinds.stream().map(KindComparison::score).toList()).lag();
	}

	@ParameterizedTest
	@ValueSource(ints = { 50, 500 })
	void noticesHardlyLaterThanOneWhoKnowsUnderARateLimit(int inFlight) {
		int uncounted = Math.max(Comparison.HISTORY, 2 * inFlight);
		Score learned = RateLimited.ofLearned(Workload.MIXTURE, inFlight, uncounted, 1000, 1);
		Score best = RateLimited.ofKnowing(Workload.MIXTURE, inFlight, uncounted, 1000, 1);
		Score fixed = RateLimited.of(Policy.fixed(5), Workload.MIXTURE, inFlight, uncounted, 1000, 1);
		assertThat(learned.lag()).isLessThan(1.15 * Math.min(best.lag(), fixed.lag()));
	}

	static Stream<Workload> asksHardlyMoreThanTheOptimum() {
		return Workload.ALL.stream();
	}

}
