package io.vedette.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

import io.vedette.config.ConfigurationProblem;
import io.vedette.config.VedetteProperties;
import io.vedette.schedule.SteadyClock;

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

	private final JdbcClient jdbc;

	private final SteadyClock clock;

	private final String name;

	private final Duration lease;

	private volatile Instant seenAt = Instant.EPOCH;

	private volatile int liveNodes = 1;

	private volatile boolean left;

	private volatile Instant othersAskedUntil = Instant.EPOCH;

	Node(JdbcClient jdbc, SteadyClock clock, VedetteProperties properties) {
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

	/** The first heartbeat. Names that nothing hangs on any more are forgotten. */
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
		beat();
		if (this.liveNodes > 1) {
			// By then they have noticed that they share with one more.
			this.othersAskedUntil = now.plus(BEAT.multipliedBy(2));
		}
		else if (lastRun != null) {
			Instant ended = lastRun.toInstant().plus(BEAT);
			this.othersAskedUntil = ended.isBefore(now) ? ended : now;
		}
	}

	/** Says that this node is alive, and counts those that are. */
	public void beat() {
		Instant now = this.clock.instant();
		int updated = this.jdbc.sql("update node set seen_at = current_timestamp, live = :live where id = :id")
			.param("live", !this.left)
			.param("id", this.name)
			.update();
		if (updated == 0) {
			this.jdbc.sql(
					"insert into node (id, seen_at, live) values (:id, current_timestamp, true) on conflict do nothing")
				.param("id", this.name)
				.update();
		}
		this.liveNodes = this.jdbc.sql("select count(*) from node where live and " + isSeen())
			.query(Integer.class)
			.single();
		this.seenAt = now;
	}

	/** Says that this node stops: its share is the others'. */
	public void leave() {
		this.left = true;
		this.jdbc.sql("update node set live = false where id = :id").param("id", this.name).update();
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

}
