package io.vedette.node;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import io.vedette.schedule.RateLimit;

/**
 * What this node holds of each provider's rate limit, and how nodes hand it on. With each
 * heartbeat a node tells what it holds and what it wants, and reads what others told; all
 * divide the limit in the same way. One that has more than its part while another waits
 * stops using it, and gives it up once no period holds more of its requests than the
 * rest. One that has less takes what nobody holds, under a lock, and uses it once that is
 * committed. So no period ever holds more requests of a node than its row says, and all
 * rows together say no more than the limit, whatever the clocks show and whenever a node
 * stops.
 * <p>
 * One that is silent sends nothing more once its lease has run out; what it holds is free
 * a period after that. A node that is alone holds all of every limit, and asks on while
 * the database is away: a node that came meanwhile could not tell that it does.
 */
final class Shares {

	private static final int PERIODS_A_TURN = 4;

	private final Map<String, RateShare> shares = new TreeMap<>();

	private final String me;

	private final Duration lease;

	/** Of the last run, for providers that nobody has asked for yet. */
	private final Map<String, ToldShare> left = new TreeMap<>();

	private volatile boolean all;

	private volatile Instant lastsUntil = Instant.MIN;

	Shares(String me, Duration lease) {
		this.me = me;
		this.lease = lease;
	}

	/** When this node's lease runs out if it does not beat again: a steady moment. */
	Instant lastsUntil() {
		return this.lastsUntil;
	}

	/**
	 * Until when its shares are its own. Where it was alone, nobody else has taken them.
	 */
	private Instant asksUntil() {
		return this.all ? Instant.MAX : this.lastsUntil;
	}

	/**
	 * This node's share of the limit of a provider's account, which may be another than
	 * it was; none before the next beat, if others are there.
	 */
	synchronized RateShare of(String provider, RateLimit limit) {
		RateShare share = this.shares.computeIfAbsent(provider, (name) -> {
			ToldShare before = this.left.remove(name);
			int held = this.all ? limit.requests() : (before != null) ? before.share() : 0;
			return new RateShare(limit, held, !this.all, this::asksUntil);
		});
		if (!limit.equals(share.limit())) {
			share.limit(limit, this.all);
		}
		return share;
	}

	/**
	 * The first beat. What the last run under this name held is this node's, unless it is
	 * too long ago.
	 * @param longest period of any limit
	 * @return false if another node takes a share just now
	 */
	synchronized boolean join(NodeRows rows, Duration longest, Instant now) {
		boolean joined = rows.alone(() -> {
			List<NodeRow> counting = rows.all().stream().filter((row) -> row.counts(this.lease, longest)).toList();
			List<NodeRow> others = others(counting);
			NodeRow own = counting.stream().filter((row) -> row.id().equals(this.me)).findFirst().orElse(null);
			boolean hadAll = own != null && own.shares() == null;
			this.all = others.isEmpty() || hadAll && others.stream().noneMatch((row) -> row.shares() == null);
			if (own != null && !hadAll && !this.all) {
				this.left.putAll(own.shares());
			}
			rows.write(this.all ? null : this.left);
		});
		if (joined) {
			this.lastsUntil = now.plus(this.lease);
		}
		return joined;
	}

	/**
	 * A heartbeat.
	 * @param now a moment before it
	 * @return whether the row is this process's
	 */
	synchronized boolean beat(NodeRows rows, Instant now) {
		List<NodeRow> others = others(rows.all());
		if (!now.isBefore(this.lastsUntil)) {
			end();
		}
		hear(others, now);
		if (!rows.write(told(now))) {
			end();
			return false;
		}
		this.lastsUntil = now.plus(this.lease);
		if (this.shares.values().stream().anyMatch(RateShare::isToTake)) {
			take(rows);
		}
		return true;
	}

	/** Nothing more is sent, unless this node beats again. */
	synchronized void end() {
		this.all = false;
		this.shares.values().forEach(RateShare::doubt);
	}

	private List<NodeRow> others(List<NodeRow> rows) {
		return rows.stream().filter((row) -> !row.id().equals(this.me)).toList();
	}

	private void hear(List<NodeRow> others, Instant now) {
		this.all = this.all && others.stream().noneMatch(NodeRow::isThere);
		this.shares.forEach((provider, share) -> hear(provider, share, others, now));
	}

	private void hear(String provider, RateShare share, List<NodeRow> others, Instant now) {
		List<NodeRow> there = others.stream()
			.filter((row) -> row.isThere() && row.shares().containsKey(provider))
			.toList();
		SortedMap<String, Long> wants = new TreeMap<>();
		there.forEach((row) -> wants.put(row.id(), row.of(provider).wants()));
		wants.put(this.me, share.wants(now));
		RateLimit limit = share.limit();
		int lost = others.stream()
			.filter((row) -> !row.isThere())
			.mapToInt((row) -> row.holds(provider, limit, this.lease))
			.sum();
		Map<String, Integer> parts = Division.of(Math.max(0, limit.requests() - lost), wants, turn(others, limit));
		boolean awaited = there.stream().anyMatch((row) -> {
			ToldShare told = row.of(provider);
			return RateShare.isShort(told.share(), told.wants(), parts.get(row.id()));
		});
		share.hear(parts.get(this.me), awaited, there.stream().mapToLong((row) -> row.of(provider).jobs()).sum());
	}

	/** Handing a share over takes a period: turns are longer. */
	private static long turn(List<NodeRow> others, RateLimit limit) {
		Duration turn = limit.period().plus(NodeRow.BEAT.multipliedBy(2)).multipliedBy(PERIODS_A_TURN);
		return others.stream()
			.map((row) -> row.askedAt().toInstant().toEpochMilli() / turn.toMillis())
			.max(Comparator.naturalOrder())
			.orElse(0L);
	}

	private Map<String, ToldShare> told(Instant now) {
		if (this.all) {
			return null;
		}
		Map<String, ToldShare> told = new TreeMap<>(this.left);
		this.shares.forEach((provider, share) -> told.put(provider, share.tell(now)));
		return told;
	}

	private void take(NodeRows rows) {
		boolean taken = rows.alone(() -> {
			List<NodeRow> others = others(rows.all());
			Map<String, ToldShare> told = new TreeMap<>(this.left);
			this.shares.forEach((provider, share) -> {
				RateLimit limit = share.limit();
				int held = others.stream().mapToInt((row) -> row.holds(provider, limit, this.lease)).sum();
				told.put(provider, share.plan(limit.requests() - held));
			});
			if (!rows.write(told)) {
				throw new IllegalStateException("node \"%s\": its row is another process's".formatted(this.me));
			}
		});
		if (taken) {
			this.shares.values().forEach(RateShare::take);
		}
	}

}
