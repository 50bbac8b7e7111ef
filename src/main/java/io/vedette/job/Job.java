package io.vedette.job;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import org.springframework.web.util.UriUtils;

/**
 * A job at a provider, as it was registered.
 *
 * @param id its row
 * @param provider name of the provider
 * @param jobId the provider's id: opaque text of 1 to 200 printable characters
 * @param mediaUrl the URL that was analysed, or null
 * @param reference the caller's own text, or null
 * @param targets names of the targets that get its events, or null for all
 * @param registeredAt from when its age is counted
 * @param run how often it was begun to be watched for its caller: 1, and one more each
 * time it is handed in again after it had expired
 */
public record Job(long id, String provider, String jobId, String mediaUrl, String reference, List<String> targets,
		Instant registeredAt, int run) {

	/**
	 * The job id as one URL path segment or query value: nothing but unreserved
	 * characters and percent escapes.
	 */
	public String encodedJobId() {
		String encoded = UriUtils.encode(this.jobId, StandardCharsets.UTF_8);
		// "." and ".." would be taken for a step in the path.
		return encoded.matches("\\.{1,2}") ? encoded.replace(".", "%2E") : encoded;
	}

	/** Its place among jobs registered together, 0 to 1: the same whoever watches it. */
	double place() {
		return Math.floorMod(this.jobId.hashCode() * 0x9E3779B9, 1024) / 1024.0;
	}

	/** How the job is named in logs. */
	@Override
	public String toString() {
		return this.provider + "/" + this.jobId;
	}

}
