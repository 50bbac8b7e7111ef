package io.vedette.delivery;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vedette.config.VedetteProperties;
import io.vedette.job.Job;
import io.vedette.job.MediaKind;
import io.vedette.job.Outcome;
import io.vedette.job.Watch;
import io.vedette.provider.Face;
import io.vedette.provider.Providers;
import io.vedette.provider.Reason;

import org.springframework.stereotype.Component;

/** Writes CloudEvents 1.0, those of a finished job above all. */
@Component
public class Events {

	/**
	 * Begin of the name of a schema, whose path is where each Vedette serves it. It is an
	 * absolute URI, as CloudEvents want it, and the same whichever node writes the event.
	 */
	private static final String SCHEMAS = "vedette:/schemas/";

	private final Providers providers;

	private final JsonMapper json;

	Events(Providers providers, JsonMapper json) {
		this.providers = providers;
		this.json = json;
	}

	/** {@code vedette.face.detected}. */
	Event faceDetected(Face face, Watch watch) {
		Job job = watch.getJob();
		ObjectNode data = data(job).put("faceId", face.faceId())
			.put("index", face.index())
			.put("total", watch.getAnswer().faces().size())
			.put("imageUrl", face.imageUrl())
			.put("mediaType", face.mediaType())
			.put("mediaUrl", job.mediaUrl())
			.put("reference", job.reference());
		putKnown(data, job).put("expiresAt", expiresAt(watch));
		ObjectNode details = details(watch, data);
		if (face.details() instanceof ObjectNode own) {
			details.setAll(own);
		}
		String id = job.provider() + ":" + job.jobId() + ":face:" + face.faceId();
		return event(id, Event.FACE, watch, job.jobId() + "/" + face.faceId(), "face-" + SafeName.of(face.faceId()),
				face.imageUrl(), data);
	}

	/** {@code vedette.job.succeeded}, {@code .failed} or {@code .expired}. */
	Event jobFinished(Watch watch) {
		Job job = watch.getJob();
		ObjectNode data = putKnown(data(job).put("mediaUrl", job.mediaUrl()).put("reference", job.reference()), job);
		if (watch.getOutcome() == Outcome.SUCCEEDED) {
			data.put("faces", watch.getAnswer().faces().size()).put("expiresAt", expiresAt(watch));
			details(watch, data);
		}
		else {
			Reason reason = Objects.requireNonNullElse(watch.getReason(), Reason.NONE);
			data.putObject("reason").put("code", reason.code()).put("message", reason.message());
		}
		String type = "vedette.job." + watch.getOutcome().name().toLowerCase(Locale.ROOT);
		String id = job.provider() + ":" + name(job, ":") + ":job";
		return (job.run() == 1) ? event(id, type, watch, name(job, "/"), "job", null, data)
				: event(id + ":" + job.run(), type, watch, job.jobId(), "job-" + job.run(), null, data);
	}

	/** A job that could not be submitted is named by its request. */
	private static String name(Job job, String separator) {
		return (job.jobId() != null) ? job.jobId() : "request" + separator + job.requestId();
	}

	private ObjectNode data(Job job) {
		ObjectNode data = this.json.createObjectNode().put("provider", job.provider()).put("jobId", job.jobId());
		if (!job.account().equals(VedetteProperties.Account.DEFAULT)) {
			data.put("account", job.account());
		}
		if (job.batch() != null) {
			data.put("batch", job.batch());
		}
		return (job.requestId() != null) ? data.put("requestId", job.requestId()) : data;
	}

	/**
	 * Members that are absent where nobody told: events of other jobs stay as they are.
	 */
	private static ObjectNode putKnown(ObjectNode data, Job job) {
		// Read from the URL it tells nothing that the URL does not.
		if (job.mediaKind() != null && job.mediaKind() != MediaKind.of(job.mediaUrl())) {
			data.put("mediaKind", job.mediaKind().label());
		}
		if (job.priority() != null) {
			data.put("priority", job.priority());
		}
		return data;
	}

	private ObjectNode details(Watch watch, ObjectNode data) {
		ObjectNode details = data.putObject("details");
		if (watch.getAnswer().details() instanceof ObjectNode known) {
			details.setAll(known);
		}
		return details;
	}

	private String expiresAt(Watch watch) {
		Instant end = watch.getEndedAt()
			.plus(this.providers.get(watch.getJob().provider()).settings().resultLifetime());
		return end.truncatedTo(ChronoUnit.SECONDS).toString();
	}

	private Event event(String id, String type, Watch watch, String subject, String fileName, String imageUrl,
			ObjectNode data) {
		return event(id, type, "/providers/" + watch.getJob().provider(), subject, watch.getEndedAt(), fileName,
				imageUrl, watch.getJob().traceparent(), data);
	}

	/**
	 * Any event.
	 * @param fileName what a files target calls it, without an extension
	 * @param imageUrl where the picture behind it is, or null
	 * @param traceparent the trace that it belongs to, or null
	 */
	Event event(String id, String type, String source, String subject, Instant time, String fileName, String imageUrl,
			String traceparent, ObjectNode data) {
		ObjectNode event = this.json.createObjectNode()
			.put("specversion", "1.0")
			.put("type", type)
			.put("source", source)
			.put("subject", subject)
			.put("id", id)
			.put("time", time.truncatedTo(ChronoUnit.MILLIS).toString())
			.put("datacontenttype", "application/json")
			.put("dataschema", SCHEMAS + type + ".json");
		if (traceparent != null) {
			// The distributed tracing extension: the starting trace, whoever sends it.
			event.put("traceparent", traceparent);
		}
		event.set("data", data);
		try {
			return new Event(id, type, fileName, imageUrl, this.json.writeValueAsString(event));
		}
		catch (JsonProcessingException ex) {
			throw new IllegalStateException("event " + id + ": can't be written as JSON", ex);
		}
	}

}
