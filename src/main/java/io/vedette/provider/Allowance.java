package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.function.IntSupplier;

import io.vedette.schedule.RateLimit;

/**
 * How much of a provider's rate limit this node may use. The nodes share it equally. A
 * provider that throttles all the same allows less than it says: its rate is halved, and
 * grows again by a twentieth of the limit a period (additive increase, multiplicative
 * decrease: Chiu and Jain 1989).
 */
final class Allowance {

	private static final double CUT = 0.5;

	private static final double REGAIN = 0.05;

	/** However often the rate is cut, a poll is sent that often. */
	private static final Duration SLOWEST = Duration.ofMinutes(1);

	private final RateLimit limit;

	private final IntSupplier nodes;

	private int sharers;

	private int seen;

	private Instant seenSince = Instant.EPOCH;

	private double cutTo = 1;

	private Instant cutAt;

	/**
	 * All of this node's share.
	 * @param nodes how many nodes share the limit now
	 */
	Allowance(RateLimit limit, IntSupplier nodes) {
		this.limit = limit;
		this.nodes = nodes;
		this.sharers = nodes.getAsInt();
		this.seen = this.sharers;
	}

	/** This node's requests a period: a part of one where the share is that small. */
	double requests(Instant now) {
		return this.limit.requests() * part(now) / sharers(now);
	}

	/**
	 * Halves the rate. Polls that were under way then are throttled as well; they count
	 * as one.
	 */
	void cut(Instant now) {
		if (this.cutAt == null || !now.isBefore(this.cutAt.plus(this.limit.period()))) {
			double least = 1 / (this.limit.requests() * periods(SLOWEST));
			this.cutTo = Math.min(1, Math.max(CUT * part(now), least));
			this.cutAt = now;
		}
	}

	private double part(Instant now) {
		return (this.cutAt == null) ? 1 : Math.min(1, this.cutTo + REGAIN * periods(Duration.between(this.cutAt, now)));
	}

	private double periods(Duration time) {
		return (double) time.toNanos() / this.limit.period().toNanos();
	}

	/** What a node that leaves has used before counts for one more period. */
	private int sharers(Instant now) {
		int live = this.nodes.getAsInt();
		if (live != this.seen) {
			this.seen = live;
			this.seenSince = now;
		}
		if (live > this.sharers || !now.isBefore(this.seenSince.plus(this.limit.period()))) {
			this.sharers = live;
		}
		return this.sharers;
	}

}
