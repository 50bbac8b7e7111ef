package io.vedette.rig;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.vedette.packaged.Load;

/** What stands in the database after a run; only reads. */
final class Rows {

	private final Connection connection;

	Rows(Connection connection) {
		this.connection = connection;
	}

	/**
	 * Checks the jobs.
	 * @return those that have a row
	 */
	Collection<Load.Item> checkJobs(Ledger ledger, Journal journal) throws SQLException {
		List<Load.Item> jobs = new ArrayList<>();
		try (ResultSet row = query("select provider, job_id, status from job")) {
			while (row.next()) {
				Load.Item job = ledger.find(row.getString("provider"), row.getString("job_id"));
				String status = row.getString("status");
				if (job == null || !status.equals(job.fails() ? "FAILED" : "SUCCEEDED")) {
					journal.problem("job %s: %s".formatted(row.getString("job_id"), status));
				}
				if (job != null) {
					jobs.add(job);
				}
			}
		}
		return jobs;
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
