package io.vedette.job;

/** What a job's row says of it. */
public enum JobStatus {

	/** Its provider is asked for it. */
	WATCHING,
	/** Terminal: it has finished, with any number of faces. */
	SUCCEEDED,
	/** Terminal: the provider says that it failed, or its outcome could not be stored. */
	FAILED,
	/** Terminal: it did not finish within {@code max-wait}, or is not known. */
	EXPIRED

}
