package io.vedette.rig;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.packaged.Load;

/**
 * Compares the events of batches with the jobs that are stored, and with when the events
 * of those were sent.
 */
final class BatchCheck {

	private final Rows rows;

	private final List<Rows.Row> jobs;

	private final Journal journal;

	BatchCheck(Rows rows, List<Rows.Row> jobs, Journal journal) {
		this.rows = rows;
		this.jobs = jobs;
		this.journal = journal;
	}

	/** The id of a batch's event. */
	static String event(String batch) {
		return "batch:" + batch;
	}

	/** All batches, each of which must be complete, with right counts. */
	Set<String> check(Bodies bodies) throws SQLException {
		Map<String, Boolean> batches = this.rows.batches();
		Map<String, Map<String, Integer>> counts = new HashMap<>();
		this.jobs.stream()
			.filter((job) -> job.batch() != null)
			.forEach((job) -> counts.computeIfAbsent(job.batch(), (key) -> new HashMap<>())
				.merge(job.status(), 1, Integer::sum));
		batches.forEach((batch, isComplete) -> {
			if (!isComplete) {
				this.journal.problem("batch %s: not complete".formatted(batch));
			}
			JsonNode data = bodies.batch(event(batch));
			if (data != null && !isRight(data, counts.getOrDefault(batch, Map.of()))) {
				this.journal.problem("batch %s: told %s; its jobs are %s".formatted(batch, data, counts.get(batch)));
			}
		});
		return batches.keySet();
	}

	private static boolean isRight(JsonNode data, Map<String, Integer> jobs) {
		return data.path("total").asInt() == jobs.values().stream().mapToInt(Integer::intValue).sum()
				&& data.path("succeeded").asInt() == jobs.getOrDefault("SUCCEEDED", 0)
				&& data.path("failed").asInt() == jobs.getOrDefault("FAILED", 0) + jobs.getOrDefault("ABANDONED", 0)
				&& data.path("expired").asInt() == jobs.getOrDefault("EXPIRED", 0);
	}

	/**
	 * The event of a batch is sent once each event of its jobs was sent or has failed an
	 * attempt.
	 * @param target as the configuration names it
	 */
	void checkOrder(Collection<Load.Item> owed, Received received, String target) throws SQLException {
		Set<String> failedOnce = this.rows.failedOnce(target);
		Map<String, Load.Item> items = new HashMap<>();
		owed.forEach((item) -> items.put(Order.name(item.provider(), item.jobId()), item));
		Set<String> early = new HashSet<>();
		this.jobs.stream().filter((job) -> job.batch() != null && job.jobId() != null).forEach((job) -> {
			Load.Item item = items.get(Order.name(job.provider(), job.jobId()));
			if (item != null && item.events()
				.keySet()
				.stream()
				.anyMatch((event) -> received.isSeenBefore(event(job.batch()), event) && !failedOnce.contains(event))) {
				early.add(job.batch());
			}
		});
		early.forEach((batch) -> this.journal
			.problem("batch %s: its event came to %s before one of its jobs".formatted(batch, target)));
	}

}
