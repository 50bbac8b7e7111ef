package io.vedette.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.vedette.delivery.Attempt.Outcome;
import io.vedette.job.NodeLifecycle;

import org.springframework.stereotype.Component;

/**
 * The attempts that have ended and are not being written down yet. A crash has all of
 * them delivered again.
 */
@Component("endedAttempts")
public class EndedAttempts {

	/** With so many, others are not waited for, and nothing new is attempted. */
	private static final int ENOUGH = 100;

	/** For others to end, so that one transaction has them all. */
	private static final Duration WINDOW = Duration.ofMillis(20);

	private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

	private final NodeLifecycle lifecycle;

	private Map<Outcome, List<Attempt>> ended = new EnumMap<>(Outcome.class);

	private int count;

	EndedAttempts(NodeLifecycle lifecycle) {
		this.lifecycle = lifecycle;
	}

	/**
	 * Waits until few are kept: while the database is away nothing more is sent that
	 * can't be written down.
	 * @return false if Vedette stops meanwhile
	 */
	synchronized boolean awaitRoom() throws InterruptedException {
		while (this.count >= ENOUGH) {
			if (this.lifecycle.isOver()) {
				return false;
			}
			wait(LOOK_AGAIN.toMillis());
		}
		return true;
	}

	/**
	 * Keeps an attempt until it is taken.
	 * @return whether it is the first since the last were taken
	 */
	synchronized boolean add(Attempt attempt) {
		this.ended.computeIfAbsent(attempt.outcome(), (outcome) -> new ArrayList<>()).add(attempt);
		this.count++;
		if (this.count == ENOUGH) {
			notifyAll();
		}
		return this.count == 1;
	}

	/** All that are kept after a short while, in lists of those that ended alike. */
	public synchronized List<List<Attempt>> take() throws InterruptedException {
		long end = System.nanoTime() + WINDOW.toNanos();
		for (long left = WINDOW.toNanos(); left > 0 && this.count < ENOUGH; left = end - System.nanoTime()) {
			TimeUnit.NANOSECONDS.timedWait(this, left);
		}
		Map<Outcome, List<Attempt>> all = this.ended;
		this.ended = new EnumMap<>(Outcome.class);
		this.count = 0;
		notifyAll();
		List<List<Attempt>> alike = new ArrayList<>();
		all.values().forEach((attempts) -> EventStore.inChunks(attempts, alike::add));
		return alike;
	}

}
