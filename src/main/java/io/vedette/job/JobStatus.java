package io.vedette.job;

/** What a job's row says of it. */
public enum JobStatus {

	/** It waits to be submitted, or is just being. */
	SUBMITTING,
	/** It was sent, and nobody knows whether the provider has taken it. */
	UNCONFIRMED,
	/** Terminal: somebody has given up submitting it. */
	ABANDONED,
	/** Its provider is asked for it. */
	WATCHING,
	/** Terminal: it has finished, with any number of faces. */
	SUCCEEDED,
	/** Terminal: the provider says that it failed, or its outcome could not be stored. */
	FAILED,
	/** Terminal: it did not finish within {@code max-wait}, or is not known. */
	EXPIRED;

	/** Whether this is how a watch ended. */
	boolean isOutcome() {
		return this == SUCCEEDED || this == FAILED || this == EXPIRED;
	}

}
