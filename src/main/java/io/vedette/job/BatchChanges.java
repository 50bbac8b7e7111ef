package io.vedette.job;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a transaction changes in batches. They are in the order of their ids, in which all
 * transactions lock their rows: so none waits for one that waits for it.
 */
public final class BatchChanges {

	private final Map<String, Change> changes = new TreeMap<>();

	/** A job has become part of a batch. */
	void joined(String batch, JobStatus status, List<String> targets) {
		Change change = of(batch);
		change.joining++;
		change.total++;
		change.count(status, 1);
		change.targets.addAll((targets != null) ? targets : List.of(Change.ALL));
	}

	/** A job is no longer part of a batch. */
	void left(String batch, JobStatus status) {
		Change change = of(batch);
		change.total--;
		change.count(status, -1);
	}

	/** A job of a batch has ended. */
	void ended(String batch, JobStatus status) {
		of(batch).count(status, 1);
	}

	/** A job of a batch has ended as expired, and is watched again. */
	void begunAnew(String batch) {
		of(batch).count(JobStatus.EXPIRED, -1);
	}

	/** A batch is to have so many jobs. */
	void sized(String batch, long size) {
		of(batch).size = size;
	}

	private Change of(String batch) {
		return this.changes.computeIfAbsent(batch, Change::new);
	}

	/** In the order of the batches' ids. */
	Collection<Change> inOrder() {
		return this.changes.values();
	}

	/** What changes in one batch. */
	static final class Change {

		/** Stands for all targets. */
		static final String ALL = "*";

		final String batch;

		final TreeSet<String> targets = new TreeSet<>();

		long total;

		long succeeded;

		long failed;

		long expired;

		Long size;

		int joining;

		private Change(String batch) {
			this.batch = batch;
		}

		/** As what a batch counts its jobs. */
		private void count(JobStatus status, long jobs) {
			switch (status) {
				case SUBMITTING, UNCONFIRMED, WATCHING -> {
				}
				case SUCCEEDED -> this.succeeded += jobs;
				case FAILED, ABANDONED -> this.failed += jobs;
				case EXPIRED -> this.expired += jobs;
			}
		}

		/** Whether the batch has to be open for it. */
		boolean isJoining() {
			return this.joining > 0 || this.size != null;
		}

	}

}
