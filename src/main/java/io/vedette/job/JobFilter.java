package io.vedette.job;

import java.time.Instant;

/**
 * Which jobs are wanted; what is null is not asked for.
 *
 * @param reference the caller's own text, whole
 * @param target one that their events go to
 * @param prefix what their ids begin with
 * @param since registered from this moment on
 * @param until registered before this moment
 * @param batch the batch that they belong to
 * @param requestId the request that it came of
 * @param account the name of the account whose key they are asked with
 */
public record JobFilter(JobStatus status, String provider, String reference, String target, String prefix,
		Instant since, Instant until, String batch, String requestId, String account) {

	/** Whether it asks for no more than status and provider. */
	public boolean isPlain() {
		return this.reference == null && this.target == null && this.prefix == null && this.batch == null
				&& this.requestId == null && this.account == null && !isTimed();
	}

	/**
	 * Whether the jobs are read in the order of their registration, for what else is
	 * asked is not rare.
	 */
	public boolean isInOrderOfTime() {
		return isTimed() && this.reference == null && this.prefix == null && this.batch == null
				&& this.requestId == null;
	}

	private boolean isTimed() {
		return this.since != null || this.until != null;
	}

}
