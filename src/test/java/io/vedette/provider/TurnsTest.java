package io.vedette.provider;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TurnsTest {

	private final Turns turns = new Turns();

	private final Map<Caller, Integer> waiting = new HashMap<>();

	/** Also where one counts as much as all others together. */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void givesEachCallerItsShareWithinOnePoll(long seed) {
		Random random = new Random(seed);
		List<Caller> callers = new ArrayList<>();
		for (int i = 0; i < 2 + random.nextInt(30); i++) {
			callers.add(new Caller("caller-" + i, (i == 0) ? 9 : 1 + random.nextInt((seed % 2 == 0) ? 9 : 1)));
		}
		callers.forEach((caller) -> join(caller, 10_000));
		double weights = callers.stream().mapToInt(Caller::priority).sum();
		Map<Caller, Integer> served = new HashMap<>();
		for (int polls = 1; polls <= 2000; polls++) {
			served.merge(serve(), 1, Integer::sum);
			for (Caller caller : callers) {
				assertThat(Math.abs(served.getOrDefault(caller, 0) - polls * caller.priority() / weights))
					.as("%s after %d polls", caller, polls)
					.isLessThan(1 + 1e-6);
			}
		}
	}

	/** However many come and go, also under new names and with higher priorities. */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void letsNobodyStarve(long seed) {
		Random random = new Random(seed);
		Caller patient = new Caller("patient", 1);
		join(patient, 1_000_000);
		int last = 0;
		for (int polls = 1; polls <= 20_000; polls++) {
			while (this.waiting.size() < 1 + random.nextInt(12)) {
				join(new Caller("caller-" + random.nextInt(100_000), 1 + random.nextInt(9)), 1 + random.nextInt(3));
			}
			if (serve().equals(patient)) {
				// The others may be eleven with a priority of nine.
				assertThat(polls - last).isLessThan(2 * (11 * 9 + 1));
				last = polls;
			}
			assertThat(this.turns.size()).isLessThan(500);
		}
		assertThat(20_000 - last).isLessThan(200);
	}

	/** One with a job at a time is no new caller each time. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 9 })
	void gainsNothingByComingBack(int priority) {
		Caller many = new Caller("many", 9);
		Caller one = new Caller("one", priority);
		join(many, 10_000);
		int served = 0;
		for (int polls = 0; polls < 1000; polls++) {
			if (!this.waiting.containsKey(one)) {
				join(one, 1);
			}
			served += serve().equals(one) ? 1 : 0;
		}
		assertThat(served).isBetween(0, 1000 * priority / (priority + 9) + 2);
	}

	private void join(Caller caller, int jobs) {
		for (int i = 0; i < jobs; i++) {
			this.turns.join(caller);
		}
		this.waiting.merge(caller, jobs, Integer::sum);
	}

	/** Serves the one job that no other goes before. */
	private Caller serve() {
		Caller next = null;
		for (Caller caller : this.waiting.keySet()) {
			Map<Caller, Integer> others = new HashMap<>(this.waiting);
			others.computeIfPresent(caller, (same, jobs) -> (jobs > 1) ? 0 : null);
			others.values().removeIf((jobs) -> jobs == 0);
			if (this.turns.before(caller, others, 1) == 0) {
				assertThat(next).as("a second one").isNull();
				next = caller;
			}
		}
		assertThat(next).isNotNull();
		this.turns.serve(next);
		this.waiting.computeIfPresent(next, (caller, jobs) -> (jobs > 1) ? jobs - 1 : null);
		return next;
	}

}
