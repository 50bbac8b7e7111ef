package io.vedette.job;

/**
 * How a watch ended. The first three are terminal statuses of the job; after the others
 * nothing is settled.
 */
public enum Outcome {

	SUCCEEDED, FAILED, EXPIRED,
	/** The job was forgotten while it was watched. */
	CANCELLED,
	/** This node stops: the job goes back, for the next one to watch. */
	HANDED_BACK

}
