package io.vedette.provider;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Whose turn it is among callers with jobs that wait: earliest eligible virtual deadline
 * first (Stoica and Abdel-Wahab 1995). Each caller has a virtual time at which its next
 * poll may be sent, later by the inverse of its priority after each. It is not sent
 * before the mean of all callers has come there; of those that may be sent, the one whose
 * own next time is earliest goes first. So no caller that waits ever gets a whole poll
 * more or less than its share.
 */
final class Turns {

	/** Sums of inverse priorities are not exact. */
	private static final double ROUNDING = 1e-9;

	/** Those of which jobs wait. */
	private final Map<Caller, Turn> turns = new HashMap<>();

	/**
	 * Those that have gone and had more than their share: they can't come back as new.
	 */
	private final Map<Caller, Turn> ahead = new HashMap<>();

	private final PriorityQueue<Turn> aheadInOrder = new PriorityQueue<>(Comparator.comparingDouble(Turn::at));

	private long weights;

	private double weighted;

	/**
	 * A caller with jobs that wait.
	 */
	private static final class Turn {

		private final Caller caller;

		private double at;

		private int jobs;

		Turn(Caller caller, double at) {
			this.caller = caller;
			this.at = at;
		}

		double at() {
			return this.at;
		}

		double end() {
			return this.at + 1.0 / this.caller.priority();
		}

	}

	/** A job of a caller waits. */
	void join(Caller caller) {
		Turn turn = this.turns.get(caller);
		if (turn == null) {
			Turn last = this.ahead.remove(caller);
			turn = new Turn(caller, (last != null) ? Math.max(last.at, mean()) : mean());
			this.turns.put(caller, turn);
			this.weights += caller.priority();
			this.weighted += caller.priority() * turn.at;
		}
		turn.jobs++;
	}

	/** A job waits no more, and has not been asked for. */
	void leave(Caller caller) {
		Turn turn = this.turns.get(caller);
		if (--turn.jobs > 0) {
			return;
		}
		this.turns.remove(caller);
		this.weights -= caller.priority();
		this.weighted -= caller.priority() * turn.at;
		if (this.turns.isEmpty()) {
			this.ahead.clear();
			this.aheadInOrder.clear();
			this.weighted = 0;
		}
		else if (turn.at > mean()) {
			this.ahead.put(caller, turn);
			this.aheadInOrder.add(turn);
		}
	}

	/** A job that waited is asked for. */
	void serve(Caller caller) {
		this.turns.get(caller).at += 1.0 / caller.priority();
		this.weighted++;
		leave(caller);
		while (!this.aheadInOrder.isEmpty() && this.aheadInOrder.peek().at <= mean()) {
			Turn caughtUp = this.aheadInOrder.poll();
			this.ahead.remove(caughtUp.caller, caughtUp);
		}
	}

	/** How many callers it remembers. */
	int size() {
		return this.turns.size() + this.ahead.size();
	}

	/** When the next poll of a caller that waits may be sent, in virtual time. */
	double at(Caller caller) {
		return this.turns.get(caller).at;
	}

	private double mean() {
		return (this.weights > 0) ? this.weighted / this.weights : 0;
	}

	/**
	 * How many jobs go before one of a caller.
	 * @param others how many jobs of each caller might, those of its own that are worth
	 * more included
	 * @param enough counts no further
	 */
	int before(Caller caller, Map<Caller, Integer> others, int enough) {
		PriorityQueue<Turn> early = new PriorityQueue<>(
				Comparator.comparingDouble(Turn::at).thenComparing((turn) -> turn.caller.name()));
		PriorityQueue<Turn> eligible = new PriorityQueue<>(
				Comparator.comparingDouble(Turn::end).thenComparing((turn) -> turn.caller.name()));
		others.forEach((other, jobs) -> early.add(copy(other, jobs + (other.equals(caller) ? 1 : 0))));
		if (!others.containsKey(caller)) {
			early.add(copy(caller, 1));
		}
		double mean = mean() + ROUNDING;
		for (int before = 0; before < enough; before++) {
			while (!early.isEmpty() && early.peek().at <= mean) {
				eligible.add(early.poll());
			}
			Turn next = eligible.isEmpty() ? early.poll() : eligible.poll();
			if (--next.jobs == 0 && next.caller.equals(caller)) {
				return before;
			}
			next.at = next.end();
			mean += 1.0 / this.weights;
			if (next.jobs > 0) {
				early.add(next);
			}
		}
		return enough;
	}

	private Turn copy(Caller caller, int jobs) {
		Turn copy = new Turn(caller, at(caller));
		copy.jobs = jobs;
		return copy;
	}

}
