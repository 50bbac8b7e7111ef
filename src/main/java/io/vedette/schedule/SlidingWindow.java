package io.vedette.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Hands out permits so that no window of the limit's period, wherever it begins, holds
 * more requests than the limit allows, counted where they arrive. That can be any moment
 * between sending and reply, so a permit is free again one period after the reply. Not
 * Resilience4j's limiter nor a token bucket: both let up to twice the limit through
 * around the edge of a period. To be guarded by whoever shares it between threads.
 */
public final class SlidingWindow {

	/**
	 * Longer than any call takes: a request of which nothing more was heard counts as
	 * replied to by then.
	 */
	private static final Duration LONGEST_CALL = Duration.ofMinutes(5);

	private final RateLimit limit;

	/** When the last requests were replied to: a ring, oldest at {@link #next}. */
	private final Instant[] replied;

	private final Set<Permit> open = new LinkedHashSet<>();

	private int next;

	/**
	 * A window in which the whole limit was used until a moment.
	 * @param usedUntil when somebody else may have sent the last request under this limit
	 */
	public SlidingWindow(RateLimit limit, Instant usedUntil) {
		this.limit = limit;
		this.replied = new Instant[limit.requests()];
		Arrays.fill(this.replied, usedUntil);
	}

	/**
	 * The same window under another limit. What it does not remember counts as replied to
	 * when the oldest was that it does.
	 */
	public SlidingWindow under(RateLimit other) {
		SlidingWindow window = new SlidingWindow(other, this.replied[this.next]);
		int size = this.replied.length;
		for (int i = 1; i <= Math.min(size, other.requests()); i++) {
			window.replied[other.requests() - i] = this.replied[Math.floorMod(this.next - i, size)];
		}
		window.open.addAll(this.open);
		return window;
	}

	/** Leave to send one request now. */
	public static final class Permit {

		private final Instant takenAt;

		private Permit(Instant takenAt) {
			this.takenAt = takenAt;
		}

	}

	/**
	 * Takes a permit.
	 * @param allowed requests a period; less than one means one in a longer period, 0
	 * none
	 * @return the permit, or null if none is free now
	 */
	public Permit take(Instant now, double allowed) {
		if (freeAt(0, now, allowed).isAfter(now)) {
			return null;
		}
		Permit permit = new Permit(now);
		this.open.add(permit);
		return permit;
	}

	/**
	 * When a permit becomes free at the earliest, if others take those before it at once.
	 * @param before how many permits go to others first
	 * @param allowed requests a period, as for {@link #take}
	 * @return {@code now} or later
	 */
	public Instant freeAt(int before, Instant now, double allowed) {
		endLost(now);
		if (allowed == 0) {
			return now.plus(this.limit.period());
		}
		int share = (int) Math.max(1, Math.min(allowed, this.replied.length));
		Duration period = (allowed >= 1) ? this.limit.period()
				: Duration.ofNanos((long) (this.limit.period().toNanos() / allowed));
		int known = share - this.open.size();
		int step = before % share;
		Instant first = (step < known)
				? latest(now, this.replied[Math.floorMod(this.next - known + step, this.replied.length)].plus(period))
				: now.plus(period);
		return first.plus(period.multipliedBy(before / share));
	}

	/** Takes note that a request was replied to, or broke off. */
	public void replied(Permit permit, Instant now) {
		if (this.open.remove(permit)) {
			Instant newest = this.replied[Math.floorMod(this.next - 1, this.replied.length)];
			this.replied[this.next] = latest(newest, now);
			this.next = (this.next + 1) % this.replied.length;
		}
	}

	/** How many requests the period that ends now may hold. */
	public int used(Instant now) {
		Instant begin = now.minus(this.limit.period());
		int before = 0;
		int end = this.replied.length;
		while (before < end) {
			int middle = (before + end) / 2;
			if (this.replied[(this.next + middle) % this.replied.length].isAfter(begin)) {
				end = middle;
			}
			else {
				before = middle + 1;
			}
		}
		return this.open.size() + this.replied.length - before;
	}

	private void endLost(Instant now) {
		Instant lost = now.minus(LONGEST_CALL);
		while (!this.open.isEmpty() && oldest().takenAt.isBefore(lost)) {
			replied(oldest(), now);
		}
	}

	private Permit oldest() {
		return this.open.iterator().next();
	}

	private static Instant latest(Instant one, Instant other) {
		return one.isAfter(other) ? one : other;
	}

}
