package io.vedette.job;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.vedette.job.JobStore.JobRow;

/**
 * Lets jobs into a batch, one after the other, as long as it takes any.
 */
final class BatchDoor {

	private final String batch;

	private final Instant sealedAt;

	private final Set<List<String>> entered = new HashSet<>();

	private Long size;

	private long total;

	private boolean guarded;

	/** The door of a batch that is there. */
	BatchDoor(Batch batch) {
		this.batch = batch.id();
		this.sealedAt = batch.sealedAt();
		this.size = batch.size();
		this.total = batch.total();
		this.guarded = this.sealedAt != null || this.size != null;
	}

	/** The door of a batch that is named for the first time. */
	BatchDoor(String batch) {
		this.batch = batch;
		this.sealedAt = null;
	}

	/** Has it look at each job. */
	void guard() {
		this.guarded = true;
	}

	/** Whether it looks at jobs at all; if not, all may enter. */
	boolean isGuarded() {
		return this.guarded;
	}

	/**
	 * Lets a job in, or says why not.
	 * @param known its row, or null
	 * @return what is wrong and what to do, or null
	 */
	String refusal(JobRequest request, JobRow known) {
		boolean joins = isToJoin(known) && !this.entered.contains(request.key());
		String refusal = (request.batchSize() != null) ? badSize(request.batchSize(), joins) : null;
		if (refusal == null && joins && isClosed()) {
			refusal = "batch \"%s\": %s; expected an open one. Name another batch, or none.".formatted(this.batch,
					(this.size != null && this.total >= this.size) ? "has all of its %d jobs".formatted(this.size)
							: "sealed at " + this.sealedAt);
		}
		if (refusal == null) {
			this.size = (this.size != null) ? this.size : request.batchSize();
			this.total += joins ? 1 : 0;
			this.entered.add(request.key());
		}
		return refusal;
	}

	/** A job stays in its batch, unless it has expired and is begun anew in another. */
	private boolean isToJoin(JobRow known) {
		return known == null || known.job().batch() == null
				|| (known.status() == JobStatus.EXPIRED && !known.job().batch().equals(this.batch));
	}

	private boolean isClosed() {
		return this.sealedAt != null || (this.size != null && this.total >= this.size);
	}

	private String badSize(long wanted, boolean joins) {
		if (this.size != null && this.size != wanted) {
			return "batchSize %d: batch \"%s\" is to have %d jobs already; expected the same. Correct it, or leave it out."
				.formatted(wanted, this.batch, this.size);
		}
		long jobs = this.total + (joins ? 1 : 0);
		return (this.size != null || wanted >= jobs) ? null
				: "batchSize %d: batch \"%s\" has %d jobs with this one; expected at least as many. Correct it, or leave it out."
					.formatted(wanted, this.batch, jobs);
	}

}
