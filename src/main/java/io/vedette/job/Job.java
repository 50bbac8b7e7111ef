package io.vedette.job;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import io.vedette.provider.AccountName;
import io.vedette.provider.Caller;
import io.vedette.text.ForeignText;

import org.springframework.web.util.UriUtils;

/**
 * A job at a provider, as it was registered.
 *
 * @param id its row
 * @param provider name of the provider
 * @param jobId the provider's id: opaque text of 1 to 200 printable characters; null
 * until it is submitted
 * @param mediaUrl the URL that was analysed, or null
 * @param reference the caller's own text, or null
 * @param targets names of the targets that get its events, or null for all
 * @param registeredAt from when its age is counted
 * @param run how often it was begun to be watched for its caller: 1, and one more each
 * time it is handed in again after it had expired
 * @param traceparent the trace in which it was handed in, as W3C Trace Context has it; or
 * null
 * @param account name of the account at the provider whose key it is asked with
 * @param mediaKind what it analyses, or null where nobody told
 * @param priority 1 to 9, or null where the request names none
 * @param batch the batch that it belonged to when this was read, or null
 * @param requestId names the request by which it is or was submitted, or null
 */
public record Job(long id, String provider, String jobId, String mediaUrl, String reference, List<String> targets,
		Instant registeredAt, int run, String traceparent, String account, MediaKind mediaKind, Integer priority,
		String batch, String requestId) {

	/** What names a job in structured logs. */
	public static final String LOG_KEY = "vedette.job";

	private static final int LONGEST_ID = 200;

	/** Whether a provider, or who speaks for it, can have named a job so. */
	public static boolean isId(String text) {
		return text != null && text.equals(ForeignText.storable(text)) && !text.isBlank()
				&& text.codePointCount(0, text.length()) <= LONGEST_ID
				&& text.chars().noneMatch(Character::isISOControl);
	}

	/**
	 * The job id as one URL path segment or query value: nothing but unreserved
	 * characters and percent escapes; null if there is none yet.
	 */
	public String encodedJobId() {
		return encoded(this.jobId);
	}

	/** The same for the id of its request. */
	public String encodedRequestId() {
		return encoded(this.requestId);
	}

	/** The same for any such id, or null for none. */
	public static String encoded(String text) {
		if (text == null) {
			return null;
		}
		String encoded = UriUtils.encode(text, StandardCharsets.UTF_8);
		// "." and ".." would be taken for a step in the path.
		return encoded.matches("\\.{1,2}") ? encoded.replace(".", "%2E") : encoded;
	}

	/** Whose key it is asked with. */
	public AccountName accountName() {
		return new AccountName(this.provider, this.account);
	}

	/** The kind of job, as its row names it: empty where nobody told. */
	String kind() {
		return (this.mediaKind != null) ? this.mediaKind.label() : "";
	}

	/** Who wants it, where callers take turns. */
	Caller caller() {
		return Caller.of(this.reference, this.priority);
	}

	/** The same job once its provider has named its id, as it begins to be watched. */
	Job submitted(String id, Instant now) {
		return new Job(this.id, this.provider, id, this.mediaUrl, this.reference, this.targets, now, this.run,
				this.traceparent, this.account, this.mediaKind, this.priority, this.batch, this.requestId);
	}

	/** Its place among jobs registered together, 0 to 1: the same whoever watches it. */
	double place() {
		return Math.floorMod(this.jobId.hashCode() * 0x9E3779B9, 1024) / 1024.0;
	}

	/** How a job is named in logs: by its request as long as it has no id. */
	public static String name(String provider, String jobId, String requestId) {
		return provider + ((jobId != null) ? "/" + jobId : ", request " + requestId);
	}

	/** How the job is named in logs. */
	@Override
	public String toString() {
		return name(this.provider, this.jobId, this.requestId);
	}

}
