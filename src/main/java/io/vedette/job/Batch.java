package io.vedette.job;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Jobs that belong together, as their batch's row counts them.
 *
 * @param id the caller's own text, or made from the name of a file
 * @param size how many jobs it is to have, or null where nobody has said so
 * @param total how many it has
 * @param targets names of its jobs' targets, or {@code *} alone for all; none as long as
 * it has no job
 * @param sealedAt since when it takes no job more, or null
 * @param completedAt when the last of its jobs had ended and it was sealed, or null
 */
public record Batch(String id, Long size, long total, long succeeded, long failed, long expired, List<String> targets,
		Instant createdAt, Instant sealedAt, Instant completedAt) {

	/** How a batch is. */
	public enum State {

		/** It takes jobs. */
		OPEN,
		/** It takes no job more, and not all have ended. */
		SEALED,
		/** All have ended: its counts stay as they are. */
		COMPLETED;

		@JsonValue
		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/** Whether its event goes to all targets: some job's do, or it has no job. */
	public boolean isForAllTargets() {
		return this.targets.isEmpty() || this.targets.contains(BatchChanges.Change.ALL);
	}

	public State state() {
		if (this.completedAt != null) {
			return State.COMPLETED;
		}
		return (this.sealedAt != null) ? State.SEALED : State.OPEN;
	}

	/** How many of its jobs have not ended. */
	public long watching() {
		return this.total - this.succeeded - this.failed - this.expired;
	}

}
