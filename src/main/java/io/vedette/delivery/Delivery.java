package io.vedette.delivery;

import java.time.Instant;

import io.vedette.job.Job;

/**
 * One event on its way to one target.
 *
 * @param id its row
 * @param target name of the target
 * @param attempts how often it was tried before
 * @param provider provider of the job, or null if the event has none
 * @param jobId the provider's id of the job, or null as well
 * @param event what is delivered
 * @param awaitsPicture whether the event has arrived and only its picture has not
 * @param follower the job's event, if it waits in memory for this one; else null
 * @param replayed whether it had ended before, and was made due again
 * @param storedAt since when the event is on disk, or null where no one has written it
 * down
 * @param traceparent the trace in which the job was handed in, or null
 * @param requestId names the request by which the job was submitted, or null
 */
public record Delivery(long id, String target, int attempts, String provider, String jobId, Event event,
		boolean awaitsPicture, Follower follower, boolean replayed, Instant storedAt, String traceparent,
		String requestId) {

	/** Where a files target keeps what operators are told. */
	private static final String OPERATOR_DIRECTORY = "operator";

	/** And where the events of batches. */
	private static final String BATCH_DIRECTORY = "batches";

	/** Whether the event is about a job. */
	boolean hasJob() {
		return this.provider != null;
	}

	/** Whether nobody has tried it before. */
	boolean isFirstAttempt() {
		return this.attempts == 0 && !this.replayed;
	}

	/** Whether there is a picture behind the event. */
	public boolean hasImage() {
		return this.event.imageUrl() != null;
	}

	/** Directory of the job, or of what has none, below a files target's own. */
	public String directory() {
		return hasJob() ? directoryOf(this.provider, this.jobId, this.requestId) : directoryOf(this.event.type());
	}

	/** The directory of events that have no job. */
	static String directoryOf(String type) {
		return type.equals(Event.BATCH) ? BATCH_DIRECTORY : OPERATOR_DIRECTORY;
	}

	/** Two different jobs never share a directory, whatever their ids are made of. */
	static String directoryOf(Job job) {
		return directoryOf(job.provider(), job.jobId(), job.requestId());
	}

	/** The id of no job begins with what a request's does. */
	private static String directoryOf(String provider, String jobId, String requestId) {
		return SafeName.of(provider) + "/" + SafeName.of((jobId != null) ? jobId : "\0request-" + requestId);
	}

	/** How the job is named in logs. */
	String jobName() {
		return Job.name(this.provider, this.jobId, this.requestId);
	}

	/** The same delivery with its event. */
	Delivery with(Event content) {
		return new Delivery(this.id, this.target, this.attempts, this.provider, this.jobId, content, this.awaitsPicture,
				this.follower, this.replayed, this.storedAt, this.traceparent, this.requestId);
	}

	/** The same delivery once its event has arrived and its picture has not. */
	Delivery awaitingPicture() {
		return new Delivery(this.id, this.target, this.attempts, this.provider, this.jobId, this.event, true,
				this.follower, this.replayed, this.storedAt, this.traceparent, this.requestId);
	}

	/** The same delivery, and what follows it. */
	Delivery before(Follower next) {
		return new Delivery(this.id, this.target, this.attempts, this.provider, this.jobId, this.event,
				this.awaitsPicture, next, this.replayed, this.storedAt, this.traceparent, this.requestId);
	}

	/** How the delivery is named in logs. */
	@Override
	public String toString() {
		return this.event.eventId() + " to " + this.target;
	}

}
