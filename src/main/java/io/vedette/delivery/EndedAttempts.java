package io.vedette.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.vedette.delivery.Attempt.Outcome;
import io.vedette.job.NodeLifecycle;

import org.springframework.stereotype.Component;

/**
 * The attempts that have ended and are not being written down yet. A crash has all of
 * them delivered again.
 */
@Component("endedAttempts")
public class EndedAttempts {

	/** Attempts that are written down at a time. */
	private static final int MOST = 500;

	/** With so many, nothing new is attempted. */
	private static final int ENOUGH = 100;

	private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

	private final NodeLifecycle lifecycle;

	private Map<Outcome, List<Attempt>> ended = new EnumMap<>(Outcome.class);

	EndedAttempts(NodeLifecycle lifecycle) {
		this.lifecycle = lifecycle;
	}

	/**
	 * Waits until few are kept: while the database is away nothing more is sent that
	 * can't be written down.
	 * @return false if Vedette stops meanwhile
	 */
	boolean awaitRoom() throws InterruptedException {
		while (count() >= ENOUGH) {
			if (this.lifecycle.isOver()) {
				return false;
			}
			Thread.sleep(LOOK_AGAIN.toMillis());
		}
		return true;
	}

	private synchronized int count() {
		return this.ended.values().stream().mapToInt(List::size).sum();
	}

	/**
	 * Keeps an attempt until it is taken.
	 * @return whether it is the first since the last were taken
	 */
	synchronized boolean add(Attempt attempt) {
		boolean first = this.ended.isEmpty();
		this.ended.computeIfAbsent(attempt.outcome(), (outcome) -> new ArrayList<>()).add(attempt);
		return first;
	}

	/** All that are kept, in lists of those that ended alike. */
	public List<List<Attempt>> take() {
		return all().values().stream().flatMap(EndedAttempts::parts).toList();
	}

	private synchronized Map<Outcome, List<Attempt>> all() {
		Map<Outcome, List<Attempt>> all = this.ended;
		this.ended = new EnumMap<>(Outcome.class);
		return all;
	}

	private static Stream<List<Attempt>> parts(List<Attempt> alike) {
		return Stream.iterate(0, (from) -> from < alike.size(), (from) -> from + MOST)
			.map((from) -> alike.subList(from, Math.min(from + MOST, alike.size())));
	}

}
