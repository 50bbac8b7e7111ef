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
 */
public record Delivery(long id, String target, int attempts, String provider, String jobId, Event event) {

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

	/** How the delivery is named in logs. */
	@Override
	public String toString() {
		return this.event.eventId() + " to " + this.target;
	}

}
