package io.vedette.job;

import java.util.List;

import io.vedette.provider.AccountName;
import jakarta.annotation.Nullable;

/**
 * A request to watch a job, or to submit one first, checked.
 *
 * @param provider name of a known provider
 * @param jobId the provider's id, or null where the job is still to be submitted
 * @param mediaUrl the URL that was analysed or is to be, or null
 * @param reference the caller's own text, or null
 * @param targets names of configured targets, or null for all
 * @param traceparent the trace in which it is handed in, as W3C Trace Context has it; or
 * null
 * @param account name of an account at the provider; without it the account
 * {@code default}
 * @param mediaKind what is analysed, or null where neither the request nor the URL tells
 * @param priority 1 to 9: how much of the provider its jobs get beside those of others;
 * null is 5
 * @param batch the batch that it belongs to, or null
 * @param batchSize how many jobs that batch is to have, or null
 * @param requestId names a request to submit: the same one twice is one job; null where
 * there is a {@code jobId}
 */
public record JobRequest(String provider, @Nullable String jobId, @Nullable String mediaUrl, @Nullable String reference,
		@Nullable List<String> targets, @Nullable String traceparent, @Nullable String account,
		@Nullable MediaKind mediaKind, @Nullable Integer priority, @Nullable String batch, @Nullable Long batchSize,
		@Nullable String requestId) {

	/** Whose key the job is to be asked with. */
	AccountName accountName() {
		return new AccountName(this.provider, this.account);
	}

	/** The same request in a trace, unless it names one itself. */
	public JobRequest inTrace(String trace) {
		return (this.traceparent != null || trace == null) ? this : in(trace, this.batch);
	}

	/** Whether the job is to be submitted. */
	public boolean submits() {
		return this.jobId == null;
	}

	/** What makes two requests the same job. */
	List<String> key() {
		return submits() ? List.of(this.requestId) : List.of(this.provider, this.jobId);
	}

	/** The same as part of another batch. */
	public JobRequest inBatch(String other) {
		return in(this.traceparent, other);
	}

	private JobRequest in(String trace, String other) {
		return new JobRequest(this.provider, this.jobId, this.mediaUrl, this.reference, this.targets, trace,
				this.account, this.mediaKind, this.priority, other, this.batchSize, this.requestId);
	}

}
