package io.vedette.node;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.camel.Exchange;

/**
 * A queue in which a consumer waits long, until it is woken: from then on no longer than
 * it asks for.
 */
final class WakefulQueue extends LinkedBlockingQueue<Exchange> {

	/** For a consumer that is stopped alone, and for none that is woken. */
	private static final long LONGEST_SECONDS = 60;

	private final transient AtomicInteger waiting = new AtomicInteger();

	/** What a woken consumer finds, and nobody else. */
	private final transient Exchange nothing;

	private volatile boolean woken;

	WakefulQueue(int capacity, Exchange nothing) {
		super(capacity);
		this.nothing = nothing;
	}

	@Override
	public Exchange poll(long timeout, TimeUnit unit) throws InterruptedException {
		Exchange next = poll();
		if (next == null) {
			next = pollLong();
		}
		if (next == null && this.woken) {
			next = super.poll(timeout, unit);
		}
		if (next != this.nothing) {
			return next;
		}
		wakeNext();
		return null;
	}

	private Exchange pollLong() throws InterruptedException {
		// In this order: who wakes has set the one before it looks at the other.
		this.waiting.incrementAndGet();
		try {
			return this.woken ? null : super.poll(LONGEST_SECONDS, TimeUnit.SECONDS);
		}
		finally {
			this.waiting.decrementAndGet();
		}
	}

	/** A route that stops may purge its queue while consumers are being woken. */
	@Override
	public void clear() {
		super.clear();
		if (this.woken) {
			wakeNext();
		}
	}

	/** A stop waits a second for whatever is counted here. */
	@Override
	public int size() {
		if (!this.woken) {
			return super.size();
		}
		int size = 0;
		for (Exchange next : this) {
			size += (next != this.nothing) ? 1 : 0;
		}
		return size;
	}

	void wake() {
		this.woken = true;
		wakeNext();
	}

	/** One after the other: a consumer that asks again may be first, and passes it on. */
	private void wakeNext() {
		if (this.waiting.get() > 0) {
			offer(this.nothing);
		}
	}

}
