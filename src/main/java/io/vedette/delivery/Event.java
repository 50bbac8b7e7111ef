package io.vedette.delivery;

import java.util.List;

/**
 * One CloudEvent, ready to be stored and sent.
 *
 * @param eventId CloudEvents {@code id}: the same on every attempt
 * @param type CloudEvents {@code type}
 * @param fileName what the files target calls it, without extension
 * @param imageUrl where the picture of the face is, or null
 * @param body the whole event as JSON
 */
public record Event(String eventId, String type, String fileName, String imageUrl, String body) {

	/** Type of the event of a face. */
	static final String FACE = "vedette.face.detected";

	/** Type of the event of a batch. */
	static final String BATCH = "vedette.batch.completed";

	/** Types of the events of jobs and batches. */
	public static final List<String> TYPES = List.of(FACE, "vedette.job.succeeded", "vedette.job.failed",
			"vedette.job.expired", BATCH);

	/** Media type of {@link #body}. */
	public static final String CONTENT_TYPE = "application/cloudevents+json";

	boolean isFace() {
		return this.type.equals(FACE);
	}

}
