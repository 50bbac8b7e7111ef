package io.vedette.job;

import java.util.List;

/**
 * A request to watch a job, checked.
 *
 * @param provider name of a known provider
 * @param jobId the provider's id
 * @param mediaUrl the URL that was analysed, or null
 * @param reference the caller's own text, or null
 * @param targets names of configured targets, or null for all
 */
public record JobRequest(String provider, String jobId, String mediaUrl, String reference, List<String> targets) {

	/** What makes two requests the same job. */
	List<String> key() {
		return List.of(this.provider, this.jobId);
	}

}
