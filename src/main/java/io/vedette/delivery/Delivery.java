package io.vedette.delivery;

/**
 * One event on its way to one target.
 *
 * @param id its row
 * @param target name of the target
 * @param attempts how often it was tried before
 * @param provider provider of the job
 * @param jobId the provider's id of the job
 * @param event what is delivered
 * @param awaitsPicture whether the event has arrived and only its picture has not
 * @param follower the job's event, if it waits in memory for this one; else null
 */
public record Delivery(long id, String target, int attempts, String provider, String jobId, Event event,
		boolean awaitsPicture, Follower follower) {

	/** Whether there is a picture behind the event. */
	public boolean hasImage() {
		return this.event.imageUrl() != null;
	}

	/** Directory of the job below a files target's own. */
	public String directory() {
		return directoryOf(this.provider, this.jobId);
	}

	/** Two different jobs never share a directory, whatever their ids are made of. */
	static String directoryOf(String provider, String jobId) {
		return SafeName.of(provider) + "/" + SafeName.of(jobId);
	}

	/** The same delivery once its event has arrived and its picture has not. */
	Delivery awaitingPicture() {
		return new Delivery(this.id, this.target, this.attempts, this.provider, this.jobId, this.event, true,
				this.follower);
	}

	/** The same delivery, and what follows it. */
	Delivery before(Follower next) {
		return new Delivery(this.id, this.target, this.attempts, this.provider, this.jobId, this.event,
				this.awaitsPicture, next);
	}

	/** How the delivery is named in logs. */
	@Override
	public String toString() {
		return this.event.eventId() + " to " + this.target;
	}

}
