package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.TreeSet;

/**
 * The jobs that wait for a place at a provider, first the one whose poll is worth most.
 * Each sleeps until its turn comes, as far as that can be told, and then asks again;
 * nobody is woken. What a poll is worth changes while it waits, and not at one pace for
 * all: jobs are put in order when that is needed, but the longer the line, the more
 * seldom, so that it stays cheap.
 */
final class WaitingLine {

	/** Timers may be that late. */
	private static final Duration SLACK = Duration.ofMillis(20);

	/** Who has not come back that long after its time does not come back. */
	private static final Duration LOST = Duration.ofSeconds(5);

	/** An order is used for that long, times the jobs in it. */
	private static final Duration FRESH = Duration.ofNanos(20_000);

	/** In a long line all together look no more often than that. */
	private static final Duration APART = Duration.ofMillis(2);

	private final TreeSet<WaitingPoll> sleepers = new TreeSet<>(
			Comparator.comparing(WaitingPoll::wakesAt).thenComparing(WaitingPoll::number));

	private double[] order = new double[0];

	private Instant orderedAt = Instant.MIN;

	/** A job goes to sleep. */
	void enter(WaitingPoll poll, Instant wakesAt) {
		leave(poll);
		poll.sleepUntil(wakesAt);
		this.sleepers.add(poll);
	}

	/** A job has woken up, or its watch is over. */
	void leave(WaitingPoll poll) {
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
		Duration all = APART.multipliedBy(size());
		return (all.compareTo(inAShortLine) > 0) ? all : inAShortLine;
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
		return (int) this.sleepers.stream()
			.takeWhile((other) -> other.wakesAt().isBefore(awake))
			.filter((other) -> other.worth(now) > worth)
			.limit(enough)
			.count();
	}

	/** About how many jobs go first, those included that sleep. */
	int before(WaitingPoll poll, Instant now) {
		if (!now.isBefore(this.orderedAt.plus(FRESH.multipliedBy(this.order.length)))) {
			this.order = this.sleepers.stream().mapToDouble((other) -> other.worth(now)).sorted().toArray();
			this.orderedAt = now;
		}
		int place = Arrays.binarySearch(this.order, poll.worth(this.orderedAt));
		return this.order.length - ((place < 0) ? -place - 1 : place + 1);
	}

}
