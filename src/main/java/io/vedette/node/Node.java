package io.vedette.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.vedette.config.ConfigurationProblem;
import io.vedette.config.VedetteProperties;
import io.vedette.schedule.SteadyClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * This node: its name, and the heartbeat by which other nodes know that its work is
 * watched. All nodes tell the time of a heartbeat by the clock of the database.
 */
@Component("node")
public class Node {

	/** How often the route {@code renew-lease} beats. */
	private static final Duration BEAT = Duration.ofSeconds(1);

	/** Whoever runs under this node's name has beaten once more by then. */
	private static final Duration SILENCE = Duration.ofMillis(2500);

	private static final Duration LOOK_EVERY = Duration.ofMillis(100);

	private static final Logger logger = LoggerFactory.getLogger(Node.class);

	private final ApplicationContext application;

	private final JdbcClient jdbc;

	private final SteadyClock clock;

	private final String name;

	private final String instance = UUID.randomUUID().toString();

	private final Duration lease;

	private volatile Instant seenAt = Instant.EPOCH;

	private volatile int liveNodes = 1;

	private volatile boolean started;

	private volatile boolean left;

	private volatile Instant othersAskedUntil = Instant.EPOCH;

	Node(JdbcClient jdbc, SteadyClock clock, VedetteProperties properties, ApplicationContext application) {
		this.application = application;
		this.jdbc = jdbc;
		this.clock = clock;
		this.name = properties.node().isBlank() ? hostName() : properties.node();
		this.lease = checked(properties.lease());
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
		Instant now = this.clock.instant();
		this.jdbc.sql("delete from node where id in (" + lostNodes() + """
				)
				and not exists (select 1 from job where owner = node.id and status = 'WATCHING')
				and not exists (select 1 from delivery where owner = node.id and status = 'PENDING')
				""").param("me", this.name).update();
		OffsetDateTime lastRun = this.jdbc.sql("select max(seen_at) from node where id = :id")
			.param("id", this.name)
			.query(OffsetDateTime.class)
			.optional()
			.orElse(null);
		takeName();
		beat();
		beatUntilStarted();
		if (this.liveNodes > 1) {
			// By then they have noticed that they share with one more.
			this.othersAskedUntil = now.plus(BEAT.multipliedBy(2));
		}
		else if (lastRun != null) {
			Instant ended = lastRun.toInstant().plus(BEAT);
			this.othersAskedUntil = ended.isBefore(now) ? ended : now;
		}
	}

	/**
	 * Makes the row of this name this process's. One that beats meanwhile is alive; one
	 * that was killed is not, and by the time its successor has come this far it has long
	 * been silent.
	 */
	private void takeName() {
		Optional<Row> found = row();
		if (found.isEmpty() && insert()) {
			return;
		}
		Row first = found.or(this::row).orElseThrow(this::taken);
		for (Row row = first; row.isRecent() && !this.instance.equals(row.instance()); row = row().orElse(first)) {
			if (!row.seenAt().isEqual(first.seenAt())) {
				throw taken();
			}
			sleep();
		}
		int updated = this.jdbc.sql("update node set instance = :instance where id = :id and seen_at = :seenAt")
			.param("instance", this.instance)
			.param("id", this.name)
			.param("seenAt", first.seenAt())
			.update();
		if (updated == 0 && !this.instance.equals(first.instance())) {
			throw taken();
		}
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

	private Optional<Row> row() {
		return this.jdbc.sql("select instance, live, seen_at, current_timestamp as asked_at from node where id = :id")
			.param("id", this.name)
			.query((row, number) -> new Row(row.getString("instance"), row.getBoolean("live"),
					row.getObject("seen_at", OffsetDateTime.class), row.getObject("asked_at", OffsetDateTime.class)))
			.optional();
	}

	private boolean insert() {
		return this.jdbc.sql("""
				insert into node (id, seen_at, live, instance) values (:id, current_timestamp, true, :instance)
				on conflict do nothing
				""").param("id", this.name).param("instance", this.instance).update() == 1;
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
	 * Says that this node is alive, and counts those that are. If another process has
	 * taken its name meanwhile, this one ends.
	 */
	public void beat() {
		Instant now = this.clock.instant();
		int updated = this.jdbc.sql("""
				update node set seen_at = current_timestamp, live = :live
				where id = :id and (instance = :instance or instance is null)
				""").param("live", !this.left).param("id", this.name).param("instance", this.instance).update();
		if (updated == 0 && !insert()) {
			standDown();
			return;
		}
		this.liveNodes = this.jdbc.sql("select count(*) from node where live and " + isSeen())
			.query(Integer.class)
			.single();
		this.seenAt = now;
	}

	/** Two processes would take each other's work for their own. */
	private void standDown() {
		if (!this.left) {
			this.left = true;
			logger.error("node \"{}\": another Vedette has taken this name while this one was silent. This one stops.",
					this.name);
			new Thread(() -> SpringApplication.exit(this.application), "stand-down").start();
		}
	}

	/** Says that this node stops: its share is the others'. */
	public void leave() {
		this.left = true;
		this.jdbc.sql("update node set live = false where id = :id and instance = :instance")
			.param("id", this.name)
			.param("instance", this.instance)
			.update();
	}

	/** Whether this node's name is its own, and not that of a process that came later. */
	public boolean isItself() {
		return row().filter((row) -> this.instance.equals(row.instance())).isPresent();
	}

	/** How many nodes share the providers' rate limits, this one included. */
	public int liveNodes() {
		return Math.max(1, this.liveNodes);
	}

	/**
	 * Until when others may have used the providers' rate limits whole: nodes that had
	 * not noticed this one yet, or the last run under its name. On the steady clock.
	 */
	public Instant othersAskedUntil() {
		return this.othersAskedUntil;
	}

	/**
	 * Whether this node's work is still its own: after a freeze or a long silence of the
	 * database another node may have claimed it.
	 */
	public boolean holdsLease() {
		return this.clock.instant().isBefore(this.seenAt.plus(this.lease));
	}

	/**
	 * Names of the nodes whose lease has run out. Not this one's: what it holds, it knows
	 * itself.
	 */
	public List<String> lost() {
		return this.jdbc.sql(lostNodes()).param("me", this.name).query(String.class).list();
	}

	/**
	 * SQL that tells of a row whether its work is free to claim: it has no owner, or one
	 * whose lease has run out. With the parameter {@code me} for {@link #name}.
	 */
	public String freeWork() {
		return "(owner is null or owner in (%s))".formatted(lostNodes());
	}

	private String lostNodes() {
		return "select id from node where id <> :me and not " + isSeen();
	}

	/** SQL that tells of a node whether its lease has not run out. */
	private String isSeen() {
		return "seen_at >= current_timestamp - interval '1' second * (%d / 1000.0)".formatted(this.lease.toMillis());
	}

	/**
	 * The row of this node's name.
	 *
	 * @param instance the process that beats under it, or null
	 * @param askedAt the time by the clock that {@code seenAt} goes by
	 */
	private record Row(String instance, boolean live, OffsetDateTime seenAt, OffsetDateTime askedAt) {

		/** Whether a process may be alive behind it, and silent between two beats. */
		boolean isRecent() {
			return this.live && this.askedAt.isBefore(this.seenAt.plus(SILENCE));
		}

	}

}
