package io.vedette.job;

import java.util.Iterator;

/**
 * An iterator whose failure comes in its turn, and ends it. Camel's Splitter looks for
 * the next item before it hands on the one it has; and behind a failure it takes what is
 * left all the same, and drops it. A job that is claimed and dropped is watched by
 * nobody.
 */
final class UntilFailure<T> implements Iterator<T> {

	private final Iterator<T> items;

	private RuntimeException failure;

	private boolean over;

	UntilFailure(Iterator<T> items) {
		this.items = items;
	}

	@Override
	public boolean hasNext() {
		if (this.over || this.failure != null) {
			return !this.over;
		}
		try {
			return this.items.hasNext();
		}
		catch (RuntimeException ex) {
			this.failure = ex;
			return true;
		}
	}

	@Override
	public T next() {
		if (this.failure != null) {
			this.over = true;
			throw this.failure;
		}
		return this.items.next();
	}

}
