package io.vedette.schedule.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.vedette.schedule.CompletionInterval;
import io.vedette.schedule.Finishes;
import io.vedette.schedule.Finishes.Finish;
import io.vedette.schedule.LearnedKinds;
import io.vedette.schedule.LearnedSchedule;
import io.vedette.schedule.LearnedSchedule.Goals;
import io.vedette.schedule.PollSchedule;

/**
 * The same as {@link History} for a provider whose jobs are half images, half videos: the
 * schedules learn of each kind apart, or of all jobs as one.
 */
final class MixedHistory {

	static final List<Workload> KINDS = List.of(Workload.IMAGE, Workload.VIDEO);

	private static final int LEARN_EVERY = 50;

	private static final int REMEMBERED = 1000;

	private final List<Finish> finishes = new ArrayList<>();

	private final boolean apart;

	private final Goals goals;

	private final Random random;

	private final PollSchedule first;

	private LearnedKinds learned;

	/**
	 * A history in which nothing has finished.
	 * @param apart whether jobs tell their kind
	 */
	MixedHistory(boolean apart, Goals goals, long seed) {
		this.apart = apart;
		this.goals = goals;
		this.random = new Random(seed);
		this.first = PollSchedule.backoff(goals.minDelay(), goals.maxDelay());
	}

	/** Goes on with so many jobs. */
	MixedHistory watch(int count) {
		for (int i = 1; i <= count; i++) {
			Workload kind = KINDS.get(this.random.nextInt(KINDS.size()));
			watch(kind, kind.draw(this.random), this.random.nextDouble());
			if (i % LEARN_EVERY == 0 || i == count) {
				this.learned = LearnedKinds.learn(Finishes.of(this.finishes, Map.of()), this.goals, this.learned);
			}
		}
		return this;
	}

	private void watch(Workload kind, double time, double place) {
		Policy policy = policy(kind);
		double before = 0;
		double age = 0;
		for (int poll = 0; poll == 0 || age < time; poll++) {
			before = age;
			age = policy.next(age, poll, place);
		}
		this.finishes.add(0, new Finish(this.apart ? kind.name() : "", new CompletionInterval(before, age)));
		if (this.finishes.size() > REMEMBERED) {
			this.finishes.remove(REMEMBERED);
		}
	}

	/** How a job of a kind is asked for now. */
	Policy policy(Workload kind) {
		LearnedSchedule known = (this.learned != null) ? this.learned.of(kind.name()) : null;
		return Policy.of((known != null) ? known : this.first);
	}

}
