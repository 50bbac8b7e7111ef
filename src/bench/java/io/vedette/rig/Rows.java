package io.vedette.rig;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What stands in the database after a run; only reads. */
final class Rows {

	private final Connection connection;

	Rows(Connection connection) {
		this.connection = connection;
	}

	/** A job as it is stored. */
	record Row(String provider, String jobId, String mediaUrl, String status, String batch) {

		/** The name of what it came of. */
		String name() {
			return (this.mediaUrl != null) ? this.mediaUrl : Order.name(this.provider, this.jobId);
		}

	}

	List<Row> jobs() throws SQLException {
		List<Row> jobs = new ArrayList<>();
		try (ResultSet row = query("select provider, job_id, media_url, status, batch from job")) {
			while (row.next()) {
				jobs.add(new Row(row.getString(1), row.getString(2), row.getString(3), row.getString(4),
						row.getString(5)));
			}
		}
		return jobs;
	}

	/** The batches, and whether each is complete. */
	Map<String, Boolean> batches() throws SQLException {
		Map<String, Boolean> batches = new TreeMap<>();
		try (ResultSet row = query("select id, completed_at from batch")) {
			while (row.next()) {
				batches.put(row.getString(1), row.getObject(2) != null);
			}
		}
		return batches;
	}

	/** Which events have failed an attempt at a target. */
	Set<String> failedOnce(String target) throws SQLException {
		Set<String> events = new HashSet<>();
		try (ResultSet row = query("""
				select e.event_id from delivery d join event e on e.id = d.event
				where d.attempts > 1 and d.target = '%s'
				""".formatted(target))) {
			while (row.next()) {
				events.add(row.getString(1));
			}
		}
		return events;
	}

	/** No row may still be owned. */
	void checkOwners(Journal journal) throws SQLException {
		try (ResultSet row = query("select (select count(*) from job where owner is not null),"
				+ " (select count(*) from delivery where owner is not null)")) {
			row.next();
			if (row.getInt(1) + row.getInt(2) > 0) {
				journal.problem("rows still owned: %d jobs, %d deliveries".formatted(row.getInt(1), row.getInt(2)));
			}
		}
	}

	/**
	 * How many deliveries a target has got, as the rows have it; every one must be
	 * delivered.
	 */
	Map<String, Integer> checkDeliveries(Journal journal) throws SQLException {
		Map<String, Integer> delivered = new TreeMap<>();
		try (ResultSet row = query("select target, status, count(*) from delivery group by target, status")) {
			while (row.next()) {
				if (row.getString(2).equals("DELIVERED")) {
					delivered.put(row.getString(1), row.getInt(3));
				}
				else {
					journal.problem(
							"%d deliveries to %s are %s".formatted(row.getInt(3), row.getString(1), row.getString(2)));
				}
			}
		}
		return delivered;
	}

	private ResultSet query(String sql) throws SQLException {
		return this.connection.createStatement().executeQuery(sql);
	}

}
