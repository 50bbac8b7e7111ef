package io.vedette.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.config.ConfigurationProblem;
import io.vedette.config.VedetteProperties;
import io.vedette.schedule.RateLimit;
import io.vedette.schedule.SteadyClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * This node: its name, and the heartbeat by which other nodes know that its work is
 * watched. All nodes tell the time of a heartbeat by the clock of the database.
 */
@Component("node")
public class Node {

	private static final Duration BEAT = NodeRow.BEAT;

	/** Whoever runs under this node's name has beaten once more by then. */
	private static final Duration SILENCE = Duration.ofMillis(2500);

	private static final Duration LOOK_EVERY = Duration.ofMillis(100);

	private static final Logger logger = LoggerFactory.getLogger(Node.class);

	private final ApplicationContext application;

	private final NodeTable table;

	private final SteadyClock clock;

	private final String name;

	private final Duration lease;

	private final Duration longestPeriod;

	private final Shares shares;

	private volatile boolean started;

	private volatile boolean left;

	private volatile Instant lastRunAskedUntil = Instant.EPOCH;

	Node(JdbcClient jdbc, PlatformTransactionManager transactions, SteadyClock clock, VedetteProperties properties,
			ApplicationContext application, JsonMapper json) {
		this.application = application;
		this.clock = clock;
		this.name = properties.node().isBlank() ? hostName() : properties.node();
		this.lease = checked(properties.lease());
		this.longestPeriod = properties.longestPeriod();
		this.table = new NodeTable(jdbc, transactions, this.name, json);
		this.shares = new Shares(this.name, this.lease);
	}

	private static Duration checked(Duration lease) {
		Duration shortest = BEAT.multipliedBy(2);
		if (lease.compareTo(shortest) < 0) {
			throw new ConfigurationProblem("\"vedette.lease\": %d ms; expected at least %d s, two heartbeats."
				.formatted(lease.toMillis(), shortest.toSeconds()), "Set a longer one; 30s is the default.");
		}
		return lease;
	}

	private static String hostName() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "localhost";
		}
	}

	/** What stands in the owner column of this node's work. */
	public String name() {
		return this.name;
	}

	/**
	 * The first heartbeat. Names that nothing hangs on any more are forgotten.
	 * @throws ConfigurationProblem if another process is alive under this name
	 */
	public void join() {
		this.table.forget(this.lease.plus(this.longestPeriod).plus(BEAT));
		Optional<NodeRow> lastRun = takeName();
		Instant now = this.clock.instant();
		this.lastRunAskedUntil = lastRun.map((row) -> row.askedUntil(now, this.lease)).orElse(Instant.EPOCH);
		while (!this.shares.join(this.table, this.longestPeriod, this.clock.instant())) {
			if (this.clock.instant().isAfter(now.plus(this.lease))) {
				throw new IllegalStateException(
						"table \"share_lock\": another node has held its row for %d s; expected a few milliseconds. Find the transaction and end it."
							.formatted(this.lease.toSeconds()));
			}
			sleep();
		}
		beatUntilStarted();
	}

	/**
	 * Makes the row of this name this process's. One that beats meanwhile is alive; one
	 * that was killed is not, and by the time its successor has come this far it has long
	 * been silent.
	 * @return what the last run under this name left behind
	 */
	private Optional<NodeRow> takeName() {
		Optional<NodeRow> found = this.table.own();
		if (found.isEmpty() && this.table.insert()) {
			return found;
		}
		NodeRow first = found.or(this.table::own).orElseThrow(this::taken);
		NodeRow row = first;
		while (isRecent(row) && !this.table.isOwn()) {
			if (!row.seenAt().isEqual(first.seenAt())) {
				throw taken();
			}
			sleep();
			row = this.table.own().orElse(first);
		}
		if (!this.table.take(first.seenAt()) && !this.table.isOwn()) {
			throw taken();
		}
		return Optional.of(row);
	}

	/** Whether a process may be alive behind it, and silent between two beats. */
	private static boolean isRecent(NodeRow row) {
		return row.live() && row.age().compareTo(SILENCE) < 0;
	}

	private static void sleep() {
		try {
			Thread.sleep(LOOK_EVERY.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private ConfigurationProblem taken() {
		return new ConfigurationProblem(
				"\"vedette.node\": \"%s\" is the name of another Vedette that is running on this database; expected a name of its own for each."
					.formatted(this.name),
				"Stop the other one, or give this one a name: set vedette.node, or VEDETTE_NODE.");
	}

	/** A start may take longer than another process of this name waits for a beat. */
	private void beatUntilStarted() {
		CompletableFuture.delayedExecutor(BEAT.toMillis(), TimeUnit.MILLISECONDS).execute(() -> {
			if (!this.started && !this.left) {
				beat();
				beatUntilStarted();
			}
		});
	}

	/** The route beats from now on. */
	@EventListener(ApplicationReadyEvent.class)
	void started() {
		this.started = true;
	}

	/**
	 * Says that this node is alive, and settles with the others who asks how much. If
	 * another process has taken its name meanwhile, this one ends.
	 */
	public synchronized void beat() {
		if (!this.left && !this.shares.beat(this.table, this.clock.instant())) {
			standDown();
		}
	}

	/** Two processes would take each other's work for their own. */
	private void standDown() {
		this.left = true;
		logger.error("node \"{}\": another Vedette has taken this name while this one was silent. This one stops.",
				this.name);
		new Thread(() -> SpringApplication.exit(this.application), "stand-down").start();
	}

	/** Says that this node stops and asks no more: its share is the others'. */
	public synchronized void leave() {
		this.left = true;
		this.shares.end();
		this.table.leave();
	}

	/** Whether this node's name is its own, and not that of a process that came later. */
	public boolean isItself() {
		return this.table.isOwn();
	}

	/**
	 * This node's share of the rate limit of an account, from now on this one.
	 */
	public RateShare share(String account, RateLimit limit) {
		return this.shares.of(account, limit);
	}

	/**
	 * Has all other nodes hear, with their next heartbeat, that accounts have changed.
	 */
	public void tellOfReload() {
		this.table.tellOfReload();
	}

	/**
	 * When another node told last that accounts have changed, by the clock of the
	 * database; empty where none has.
	 */
	public Optional<Instant> reloadAt() {
		return Optional.ofNullable(this.table.reloadAt()).map(OffsetDateTime::toInstant);
	}

	/** How many rows of nodes there are in each state. */
	public Map<State, Long> count() {
		return this.table.count(this.lease);
	}

	/** The nodes whose rows there are, by name. */
	public List<Seen> seen() {
		return this.table.all()
			.stream()
			.map((row) -> new Seen(row.id(), row.state(this.lease), row.age(), row.id().equals(this.name)))
			.sorted(Comparator.comparing(Seen::name))
			.toList();
	}

	/**
	 * Until when the last run under this name may have asked providers. On the steady
	 * clock.
	 */
	public Instant lastRunAskedUntil() {
		return this.lastRunAskedUntil;
	}

	/**
	 * Whether this node's work is still its own: after a freeze or a long silence of the
	 * database another node may have claimed it.
	 */
	public boolean holdsLease() {
		return this.clock.instant().isBefore(this.shares.lastsUntil());
	}

	/**
	 * Names of the nodes whose lease has run out. Not this one's: what it holds, it knows
	 * itself. Looked up only if the last heartbeat has seen any.
	 */
	public List<String> lost() {
		return this.table.hasSeenSilent(this.lease) ? this.table.names(lostNodes()) : List.of();
	}

	/** Those of them that no node has spoken of yet; now this one does. */
	public List<String> newlyLost() {
		return this.table.speakOf(lostNodes() + " and live and lost_at is null");
	}

	/**
	 * SQL that tells of a row whether its work is free to claim: it has no owner, or one
	 * whose lease has run out. With the parameter {@code me} for {@link #name}.
	 */
	public String freeWork() {
		return "(owner is null or owner in (%s))".formatted(lostNodes());
	}

	private String lostNodes() {
		return "select id from node where id <> :me and " + NodeTable.silentFor(this.lease);
	}

	/**
	 * A node as its row shows it.
	 *
	 * @param silence for how long it has told nothing
	 * @param self whether it is this one
	 */
	public record Seen(String name, State state, Duration silence, boolean self) {
	}

	/** How a node is, by its row. */
	public enum State {

		/** It beats. */
		LIVE,
		/** It has stopped in order. */
		LEFT,
		/** Its lease has run out: its work is the others'. */
		LOST;

		/** As a metric has it. */
		public String label() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
