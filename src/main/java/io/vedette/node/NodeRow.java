package io.vedette.node;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;

import io.vedette.schedule.RateLimit;

/**
 * What a node has told last.
 *
 * @param live false once it has stopped
 * @param seenAt when it told that, by the clock of the database
 * @param askedAt what that clock shows now
 * @param shares by provider; null: it holds all of every limit
 */
record NodeRow(String id, boolean live, OffsetDateTime seenAt, OffsetDateTime askedAt, Map<String, ToldShare> shares) {

	/** How often the route {@code renew-lease} beats. */
	static final Duration BEAT = Duration.ofSeconds(1);

	/** Who has not beaten for that long takes no share for now. */
	private static final Duration ABSENT = BEAT.multipliedBy(5);

	Duration age() {
		return Duration.between(this.seenAt, this.askedAt);
	}

	Node.State state(Duration lease) {
		if (!this.live) {
			return Node.State.LEFT;
		}
		return (age().compareTo(lease) > 0) ? Node.State.LOST : Node.State.LIVE;
	}

	/** Whether it counts when a limit is divided. */
	boolean isThere() {
		return this.live && this.shares != null && age().compareTo(ABSENT) < 0;
	}

	/**
	 * Whether a request of this node may be in the period that ends now. Without a beat
	 * it sends until its lease has run out; a call may take a while to arrive.
	 */
	boolean counts(Duration lease, Duration period) {
		Duration silent = this.live ? lease : Duration.ZERO;
		return age().compareTo(silent.plus(period).plus(BEAT)) < 0;
	}

	/**
	 * Until when the process behind it may have sent requests: one that was killed may
	 * have been silent before.
	 * @param now on the clock that the result is wanted on
	 */
	Instant askedUntil(Instant now, Duration lease) {
		Instant ended = now.minus(age()).plus(this.live ? lease : BEAT);
		return ended.isBefore(now) ? ended : now;
	}

	ToldShare of(String provider) {
		return this.shares.getOrDefault(provider, ToldShare.NONE);
	}

	/** How much of a limit is not free because of this node. */
	int holds(String provider, RateLimit limit, Duration lease) {
		if (!counts(lease, limit.period())) {
			return 0;
		}
		return (this.shares != null) ? of(provider).share() : limit.requests();
	}

}
