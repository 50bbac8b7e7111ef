package io.vedette.job;

/** Job requests as tests want them. */
public final class JobRequests {

	private JobRequests() {
	}

	/** A request that says no more than it has to. */
	public static JobRequest of(String provider, String jobId) {
		return new JobRequest(provider, jobId, null, null, null, null, "default", null, null, null, null, null);
	}

}
