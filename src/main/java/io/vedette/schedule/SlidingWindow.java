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

	/** Leave to send one request now. */
	public static final class Permit {

		private final Instant takenAt;

		private Permit(Instant takenAt) {
			this.takenAt = takenAt;
		}

	}

	/**
	 * Takes a permit.
	 * @param allowed requests a period, more than 0; less than one means one in a longer
	 * period
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

	/** How many requests the period that ends now holds. */
	public int used(Instant now) {
		Instant begin = now.minus(this.limit.period());
		return this.open.size() + (int) Arrays.stream(this.replied).filter((moment) -> moment.isAfter(begin)).count();
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
