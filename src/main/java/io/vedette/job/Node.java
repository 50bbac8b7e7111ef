package io.vedette.job;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;

import io.vedette.config.ConfigurationProblem;
import io.vedette.config.VedetteProperties;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * This node: its name, and the heartbeat by which other nodes know that its work is
 * watched.
 */
@Component("node")
public class Node {

	/**
	 * Two heartbeats of the route {@code renew-lease}: with less, a node that lives seems
	 * dead.
	 */
	private static final Duration SHORTEST_LEASE = Duration.ofSeconds(2);

	private final JdbcClient jdbc;

	private final Clock clock;

	private final String name;

	private final Duration lease;

	Node(JdbcClient jdbc, Clock clock, VedetteProperties properties) {
		this.jdbc = jdbc;
		this.clock = clock;
		this.name = properties.node().isBlank() ? hostName() : properties.node();
		this.lease = checked(properties.lease());
	}

	private static Duration checked(Duration lease) {
		if (lease.compareTo(SHORTEST_LEASE) < 0) {
			throw new ConfigurationProblem("\"vedette.lease\": %d ms; expected at least %d s, two heartbeats."
				.formatted(lease.toMillis(), SHORTEST_LEASE.toSeconds()), "Set a longer one; 30s is the default.");
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

	/** Says that this node is alive. */
	public void beat() {
		OffsetDateTime now = OffsetDateTime.now(this.clock);
		int updated = this.jdbc.sql("update node set seen_at = :now where id = :id")
			.param("now", now)
			.param("id", this.name)
			.update();
		if (updated == 0) {
			this.jdbc.sql("insert into node (id, seen_at) values (:id, :now) on conflict do nothing")
				.param("id", this.name)
				.param("now", now)
				.update();
		}
	}

	/** Work of a node that was last seen before this moment is free to claim. */
	public OffsetDateTime leaseBegan() {
		return OffsetDateTime.now(this.clock).minus(this.lease);
	}

}
