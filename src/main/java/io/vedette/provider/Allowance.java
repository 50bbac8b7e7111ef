package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.function.ToIntFunction;

import io.vedette.schedule.RateLimit;

/**
 * How much of a provider's rate limit this node may use. A provider that throttles all
 * the same allows less than it says: the node's share is halved, and grows again by a
 * twentieth a period (additive increase, multiplicative decrease: Chiu and Jain 1989).
 */
final class Allowance {

	private static final double CUT = 0.5;

	private static final double REGAIN = 0.05;

	/** However often the rate is cut, a poll is sent that often. */
	private static final Duration SLOWEST = Duration.ofMinutes(1);

	private final RateLimit limit;

	private final ToIntFunction<Instant> share;

	private double cutTo = 1;

	private Instant cutAt;

	/**
	 * All of this node's share.
	 * @param share requests a period, at a moment
	 */
	Allowance(RateLimit limit, ToIntFunction<Instant> share) {
		this.limit = limit;
		this.share = share;
	}

	/**
	 * This node's requests a period: a part of one where the rate was cut that far, none
	 * where it has no share.
	 */
	double requests(Instant now) {
		int whole = this.share.applyAsInt(now);
		return Math.max(whole * part(now), Math.min(whole, 1 / periods(SLOWEST)));
	}

	/**
	 * Halves the rate. Polls that were under way then are throttled as well; they count
	 * as one.
	 */
	void cut(Instant now) {
		if (this.cutAt == null || !now.isBefore(this.cutAt.plus(this.limit.period()))) {
			this.cutTo = CUT * part(now);
			this.cutAt = now;
		}
	}

	private double part(Instant now) {
		return (this.cutAt == null) ? 1 : Math.min(1, this.cutTo + REGAIN * periods(Duration.between(this.cutAt, now)));
	}

	private double periods(Duration time) {
		return (double) time.toNanos() / this.limit.period().toNanos();
	}

}
