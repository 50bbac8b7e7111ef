package io.vedette.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToIntFunction;

import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Stores in one transaction what several threads have ready at the same time. Who comes
 * while one is under way goes with the next; who is alone waits for nobody.
 *
 * @param <T> what is stored
 * @param <R> what came of it
 */
final class GroupCommit<T, R> {

	private final Queue<Entry<T, R>> ready = new ConcurrentLinkedQueue<>();

	private final Lock turn = new ReentrantLock();

	private final ToIntFunction<T> rows;

	private final int most;

	private final Function<List<T>, List<R>> transaction;

	/**
	 * A group commit that does this for each group.
	 * @param rows how many an item has
	 * @param most rows of a group, unless it is one item alone: all others wait meanwhile
	 * @param transaction stores all or nothing, and returns what came of each, in order
	 */
	GroupCommit(ToIntFunction<T> rows, int most, Function<List<T>, List<R>> transaction) {
		this.rows = rows;
		this.most = most;
		this.transaction = transaction;
	}

	/**
	 * Stores it, together with what others have ready. What can't be stored fails alone:
	 * then each of the group is stored by itself.
	 * @throws RuntimeException what its own transaction threw
	 */
	R store(T item) {
		Entry<T, R> entry = new Entry<>(item);
		this.ready.add(entry);
		this.turn.lock();
		try {
			// Whoever had the turn before may have stored it meanwhile.
			while (!entry.isOver()) {
				commit(next());
			}
		}
		finally {
			this.turn.unlock();
		}
		return entry.result();
	}

	/** The first that are ready, at least one. */
	private List<Entry<T, R>> next() {
		List<Entry<T, R>> group = new ArrayList<>();
		int size = 0;
		for (Entry<T, R> entry = this.ready.peek(); entry != null; entry = this.ready.peek()) {
			size += this.rows.applyAsInt(entry.item);
			if (size > this.most && !group.isEmpty()) {
				break;
			}
			group.add(this.ready.remove());
		}
		return group;
	}

	private void commit(List<Entry<T, R>> group) {
		try {
			List<R> results = this.transaction.apply(group.stream().map((entry) -> entry.item).toList());
			for (int i = 0; i < results.size(); i++) {
				group.get(i).stored(results.get(i));
			}
		}
		catch (RuntimeException ex) {
			if (group.size() == 1 || isDatabaseAway(ex)) {
				group.forEach((entry) -> entry.failed(ex));
			}
			else {
				group.forEach((entry) -> commit(List.of(entry)));
			}
		}
		catch (Error ex) {
			// Not thrown: whose turn it is may be of a later group.
			group.forEach((entry) -> entry.failed(new IllegalStateException("a transaction ended in an error", ex)));
		}
	}

	/** Then it is away for each of the group. */
	private static boolean isDatabaseAway(RuntimeException fault) {
		return fault instanceof TransactionException || fault instanceof TransientDataAccessException
				|| fault instanceof RecoverableDataAccessException
				|| fault instanceof NonTransientDataAccessResourceException;
	}

	private static final class Entry<T, R> {

		private final T item;

		private boolean over;

		private R result;

		private RuntimeException failure;

		private Entry(T item) {
			this.item = item;
		}

		private boolean isOver() {
			return this.over;
		}

		private void stored(R what) {
			this.result = what;
			this.over = true;
		}

		private void failed(RuntimeException why) {
			if (!this.over) {
				this.failure = why;
				this.over = true;
			}
		}

		private R result() {
			if (this.failure != null) {
				throw this.failure;
			}
			return this.result;
		}

	}

}
