package io.vedette.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

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

	/** Fair: else one that waits for room is overtaken again and again. */
	private final Lock lock = new ReentrantLock(true);

	private final Condition enough = this.lock.newCondition();

	private final Condition room = this.lock.newCondition();

	private final Map<Outcome, List<Attempt>> ended = new EnumMap<>(Outcome.class);

	private int count;

	EndedAttempts(NodeLifecycle lifecycle) {
		this.lifecycle = lifecycle;
	}

	/**
	 * Waits until few are kept: while the database is away nothing more is sent that
	 * can't be written down.
	 * @return false if Vedette stops meanwhile
	 */
	boolean awaitRoom() throws InterruptedException {
		this.lock.lock();
		try {
			while (this.count >= ENOUGH) {
				if (this.lifecycle.isOver()) {
					return false;
				}
				this.room.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
			}
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Keeps an attempt until it is taken.
	 * @return whether it is the first since the last were taken
	 */
	boolean add(Attempt attempt) {
		this.lock.lock();
		try {
			this.ended.computeIfAbsent(attempt.outcome(), (outcome) -> new ArrayList<>()).add(attempt);
			this.count++;
			if (this.count == ENOUGH) {
				this.enough.signal();
			}
			return this.count == 1;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** All that are kept after a short while, in lists of those that ended alike. */
	public List<List<Attempt>> take() throws InterruptedException {
		this.lock.lock();
		try {
			long left = WINDOW.toNanos();
			while (left > 0 && this.count < ENOUGH) {
				left = this.enough.awaitNanos(left);
			}
			List<List<Attempt>> alike = new ArrayList<>();
			this.ended.values().forEach((attempts) -> EventStore.inChunks(attempts, alike::add));
			this.ended.clear();
			this.count = 0;
			this.room.signalAll();
			return alike;
		}
		finally {
			this.lock.unlock();
		}
	}

}
