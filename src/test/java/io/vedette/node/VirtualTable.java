package io.vedette.node;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

import io.vedette.schedule.RateLimit;

/**
 * The table {@code node} in virtual time, and the processes that use it: statements take
 * their time, fail before or after they were done, and a clock of its own tells the time.
 */
public final class VirtualTable {

	private final Map<String, Stored> rows = new TreeMap<>();

	private final Random random;

	private final InstantSource clock;

	private final Consumer<Duration> sleep;

	private Process locker;

	private double slow;

	/**
	 * An empty table.
	 * @param clock the database's
	 * @param sleep lets virtual time pass for all others
	 */
	public VirtualTable(Random random, InstantSource clock, Consumer<Duration> sleep) {
		this.random = random;
		this.clock = clock;
		this.sleep = sleep;
	}

	private record Stored(Process process, boolean live, Instant seenAt, Map<String, ToldShare> shares) {
	}

	/** How many statements take up to 50 s from now on, 0 to 1. */
	public void slowDown(double part) {
		this.slow = part;
	}

	/** What stands in the rows about a provider, by node. */
	public Map<String, Integer> shares(String provider) {
		Map<String, Integer> held = new TreeMap<>();
		this.rows.forEach((id, row) -> held.put(id, (row.shares() != null)
				? row.shares().getOrDefault(provider, ToldShare.NONE).share() : Integer.MAX_VALUE));
		return held;
	}

	/** One process under a node's name, which beats when it is told to. */
	public final class Process implements NodeRows {

		private final String name;

		private final InstantSource steady;

		private final Duration lease;

		private final Duration period;

		private final Shares shares;

		private Instant usedUntil = Instant.EPOCH;

		private boolean dead;

		private boolean busy;

		private double failures;

		private Stored pending;

		private Process(String name, InstantSource steady, Duration lease, Duration period) {
			this.name = name;
			this.steady = steady;
			this.lease = lease;
			this.period = period;
			this.shares = new Shares(name, lease);
		}

		/** The first beat, once the last process of this name has been silent. */
		private void join() {
			Stored last = VirtualTable.this.rows.get(this.name);
			if (last != null) {
				this.usedUntil = row(this.name, last).askedUntil(this.steady.instant(), this.lease);
			}
			VirtualTable.this.rows.put(this.name,
					(last != null) ? new Stored(this, last.live(), last.seenAt(), last.shares())
							: new Stored(this, true, VirtualTable.this.clock.instant(), Map.of()));
			while (!this.shares.join(this, this.period, this.steady.instant())) {
				VirtualTable.this.sleep.accept(Duration.ofMillis(100));
			}
		}

		public RateShare share(String provider, RateLimit limit) {
			return this.shares.of(provider, limit);
		}

		public Instant usedUntil() {
			return this.usedUntil;
		}

		/** How many of its statements fail from now on, 0 to 1. */
		public void fail(double part) {
			this.failures = part;
		}

		/** A heartbeat, unless one is under way. */
		public void beat() {
			if (this.busy || this.dead) {
				return;
			}
			this.busy = true;
			try {
				if (!this.shares.beat(this, this.steady.instant())) {
					this.dead = true;
				}
			}
			catch (Unreachable ex) {
				// The next one may be luckier.
			}
			finally {
				this.busy = false;
			}
		}

		public void kill() {
			this.dead = true;
		}

		public boolean isDead() {
			return this.dead;
		}

		/** Stops in order: it asks nothing more. */
		public void leave() {
			this.shares.end();
			this.dead = true;
			VirtualTable.this.rows.computeIfPresent(this.name, (id, row) -> (row.process() == this)
					? new Stored(this, false, VirtualTable.this.clock.instant(), row.shares()) : row);
		}

		@Override
		public List<NodeRow> all() {
			reach();
			List<NodeRow> all = VirtualTable.this.rows.entrySet()
				.stream()
				.map((entry) -> row(entry.getKey(), entry.getValue()))
				.toList();
			answer();
			return all;
		}

		@Override
		public boolean write(Map<String, ToldShare> told) {
			reach();
			Stored row = new Stored(this, true, VirtualTable.this.clock.instant(),
					(told != null) ? Map.copyOf(told) : null);
			if (VirtualTable.this.rows.get(this.name).process() != this) {
				return false;
			}
			if (VirtualTable.this.locker == this) {
				this.pending = row;
			}
			else {
				VirtualTable.this.rows.put(this.name, row);
			}
			answer();
			return true;
		}

		@Override
		public boolean alone(Runnable work) {
			reach();
			if (VirtualTable.this.locker != null) {
				answer();
				return false;
			}
			VirtualTable.this.locker = this;
			this.pending = null;
			try {
				work.run();
				reach();
				if (this.pending != null && VirtualTable.this.rows.get(this.name).process() == this) {
					VirtualTable.this.rows.put(this.name, this.pending);
				}
			}
			finally {
				VirtualTable.this.locker = null;
			}
			answer();
			return true;
		}

		/** On the way there. */
		private void reach() {
			pass();
		}

		/** On the way back: what was done is done. */
		private void answer() {
			pass();
		}

		private void pass() {
			Random random = VirtualTable.this.random;
			boolean slow = random.nextDouble() < VirtualTable.this.slow;
			VirtualTable.this.sleep.accept(Duration.ofMillis(random.nextInt(slow ? 50_000 : 40)));
			if (this.dead || random.nextDouble() < this.failures) {
				throw new Unreachable();
			}
		}

	}

	/**
	 * A process that has joined.
	 * @throws Unreachable if it could not
	 */
	public Process start(String name, InstantSource steady, Duration lease, Duration period) {
		Process process = new Process(name, steady, lease, period);
		process.join();
		return process;
	}

	private NodeRow row(String id, Stored row) {
		return new NodeRow(id, row.live(), row.seenAt().atOffset(ZoneOffset.UTC),
				this.clock.instant().atOffset(ZoneOffset.UTC), row.shares());
	}

	/** No answer of the database. */
	public static final class Unreachable extends RuntimeException {

	}

}
