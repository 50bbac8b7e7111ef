package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.vedette.schedule.Durations;

/**
 * The jobs that wait for a place at a provider. Callers take turns; of a caller's jobs
 * the one whose poll is worth most is first. Each sleeps until its turn comes, as far as
 * that can be told, and then asks again; nobody is woken. What a poll is worth changes
 * while it waits, and not at one pace for all: jobs are put in order when that is needed,
 * but the longer the line, the more seldom, so that it stays cheap.
 */
final class WaitingLine {

	/** Timers may be that late. */
	private static final Duration SLACK = Duration.ofMillis(20);

	/** Who has not come back that long after its time does not come back. */
	private static final Duration LOST = Duration.ofSeconds(5);

	/** An order is used for that long, times the jobs in it. */
	private static final Duration FRESH = Duration.ofNanos(50_000);

	/** In a long line all together look no more often than that. */
	private static final Duration APART = Duration.ofMillis(2);

	/**
	 * A job is compared with so many that are awake: more are late, and would be made
	 * later.
	 */
	private static final int MOST_COMPARED = 100;

	private final TreeSet<WaitingPoll> sleepers = new TreeSet<>(
			Comparator.comparing(WaitingPoll::wakesAt).thenComparing(WaitingPoll::number));

	private final Turns turns = new Turns();

	private LineOrder order = new LineOrder(Map.of(), this.turns);

	private Instant orderedAt = Instant.MIN;

	/** A job has come, or has woken up. */
	void look(WaitingPoll poll) {
		wake(poll);
		if (poll.line() == null) {
			poll.stand(poll.caller());
			this.turns.join(poll.line());
		}
	}

	/** A job that looked goes to sleep. */
	void enter(WaitingPoll poll, Instant wakesAt) {
		poll.sleepUntil(wakesAt);
		this.sleepers.add(poll);
	}

	/** A job that looked is asked for. */
	void serve(WaitingPoll poll) {
		this.turns.serve(poll.line());
		poll.stand(null);
	}

	/** The watch of a job is over. */
	void leave(WaitingPoll poll) {
		wake(poll);
		if (poll.line() != null) {
			this.turns.leave(poll.line());
			poll.stand(null);
		}
	}

	private void wake(WaitingPoll poll) {
		if (poll.wakesAt() != null) {
			this.sleepers.remove(poll);
			poll.sleepUntil(null);
		}
	}

	int size() {
		return this.sleepers.size();
	}

	/**
	 * For how long a job may sleep at most, so that it notices that its turn comes
	 * sooner.
	 */
	Duration longestSleep(Duration inAShortLine) {
		return Durations.longer(APART.multipliedBy(size()), inAShortLine);
	}

	/**
	 * How many jobs go first that wake up at this moment.
	 * @param enough counts no further
	 */
	int awakeBefore(WaitingPoll poll, Instant now, int enough) {
		Instant lost = now.minus(LOST);
		while (!this.sleepers.isEmpty() && this.sleepers.first().wakesAt().isBefore(lost)) {
			leave(this.sleepers.first());
		}
		double worth = poll.worth(now);
		Instant awake = now.plus(SLACK);
		Stream<WaitingPoll> others = this.sleepers.stream()
			.takeWhile((other) -> other.wakesAt().isBefore(awake))
			.limit(MOST_COMPARED)
			.filter((other) -> !other.line().equals(poll.line()) || other.worth(now) > worth);
		if (this.turns.size() == 1) {
			return (int) others.limit(enough).count();
		}
		Map<Caller, Integer> byCaller = new HashMap<>();
		others.forEach((other) -> byCaller.merge(other.line(), 1, Integer::sum));
		return this.turns.before(poll.line(), byCaller, enough);
	}

	/** About how many jobs go first, those included that sleep. */
	int before(WaitingPoll poll, Instant now) {
		if (!now.isBefore(this.orderedAt.plus(FRESH.multipliedBy(this.order.size())))) {
			Map<Caller, List<Double>> worths = new HashMap<>();
			this.sleepers.forEach(
					(other) -> worths.computeIfAbsent(other.line(), (line) -> new ArrayList<>()).add(other.worth(now)));
			this.order = new LineOrder(worths, this.turns);
			this.orderedAt = now;
		}
		return this.order.before(poll.line(), poll.worth(this.orderedAt), this.turns.at(poll.line()));
	}

}
