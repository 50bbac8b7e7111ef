package io.vedette.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.vedette.schedule.LearnedSchedule.Goals;
import io.vedette.schedule.LearnedSchedule.Part;

/**
 * What finished jobs teach about a provider: a schedule for each kind of job of which
 * enough have finished, and one for all others, learned from jobs of any kind. They share
 * the provider's polls, so one price of a poll holds for all of them.
 */
public final class LearnedKinds {

	private final Finishes finishes;

	private final Goals goals;

	private final CompletionTimes times;

	private final Map<String, CompletionTimes> timesOfKinds;

	private final LearnedSchedule whole;

	private final Map<String, LearnedSchedule> kinds;

	private LearnedKinds(Finishes finishes, Goals goals, CompletionTimes times,
			Map<String, CompletionTimes> timesOfKinds) {
		this.finishes = finishes;
		this.goals = goals;
		this.times = times;
		this.timesOfKinds = timesOfKinds;
		Map<String, Double> shares = new TreeMap<>(finishes.shares());
		shares.keySet().retainAll(timesOfKinds.keySet());
		List<Part> parts = new ArrayList<>();
		parts.add(new Part(times, 1 - shares.values().stream().mapToDouble(Double::doubleValue).sum()));
		timesOfKinds.forEach((kind, known) -> parts.add(new Part(known, shares.getOrDefault(kind, 0.0))));
		List<LearnedSchedule> schedules = LearnedSchedule.of(parts, goals);
		this.whole = schedules.get(0);
		Map<String, LearnedSchedule> learned = new TreeMap<>();
		timesOfKinds.keySet().forEach((kind) -> learned.put(kind, schedules.get(learned.size() + 1)));
		this.kinds = Collections.unmodifiableMap(learned);
	}

	/**
	 * Learns from finished jobs, if there are enough to learn from.
	 * @param last what was learned before, or null
	 * @return {@code last} where nothing is to be learned, or nothing new
	 */
	public static LearnedKinds learn(Finishes finishes, Goals goals, LearnedKinds last) {
		if (finishes.all().size() < LearnedSchedule.LEAST_HISTORY
				|| last != null && last.finishes.equals(finishes) && last.goals.equals(goals)) {
			return last;
		}
		CompletionTimes times = (last != null && last.finishes.all().equals(finishes.all())) ? last.times
				: CompletionTimes.learn(finishes.all());
		Map<String, CompletionTimes> kinds = new TreeMap<>();
		finishes.kinds().forEach((kind, latest) -> {
			// Where all are of one kind, what is learned of all is learned of it.
			if (latest.size() >= LearnedSchedule.LEAST_HISTORY && !latest.equals(finishes.all())) {
				boolean known = last != null && last.timesOfKinds.containsKey(kind)
						&& latest.equals(last.finishes.kinds().get(kind));
				kinds.put(kind, known ? last.timesOfKinds.get(kind) : CompletionTimes.learn(latest));
			}
		});
		return new LearnedKinds(finishes, goals, times, kinds);
	}

	/** What jobs of any kind have taught. */
	public LearnedSchedule whole() {
		return this.whole;
	}

	/** The schedules that are not that of jobs of any kind, by kind. */
	public Map<String, LearnedSchedule> kinds() {
		return this.kinds;
	}

	/** The schedule that jobs of a kind go by. */
	public LearnedSchedule of(String kind) {
		return this.kinds.getOrDefault(kind, this.whole);
	}

}
