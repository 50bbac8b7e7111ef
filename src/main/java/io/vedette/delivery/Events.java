package io.vedette.delivery;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vedette.job.Job;
import io.vedette.job.Outcome;
import io.vedette.job.Watch;
import io.vedette.provider.Face;
import io.vedette.provider.Providers;
import io.vedette.provider.Reason;
import org.apache.camel.Body;
import org.apache.camel.Variable;

import org.springframework.stereotype.Component;

/** Writes the CloudEvents 1.0 of a finished job. */
@Component("events")
public class Events {

	private final ObjectMapper json = JsonMapper.builder().build();

	private final Providers providers;

	Events(Providers providers) {
		this.providers = providers;
	}

	/** {@code vedette.face.detected}. */
	public Event faceDetected(@Body Face face, @Variable("watch") Watch watch) {
		Job job = watch.getJob();
		ObjectNode data = data(job).put("faceId", face.faceId())
			.put("index", face.index())
			.put("total", watch.getAnswer().faces().size())
			.put("imageUrl", face.imageUrl())
			.put("mediaType", face.mediaType())
			.put("mediaUrl", job.mediaUrl())
			.put("reference", job.reference())
			.put("expiresAt", expiresAt(watch));
		ObjectNode details = details(watch, data);
		if (face.details() instanceof ObjectNode own) {
			details.setAll(own);
		}
		String id = job.provider() + ":" + job.jobId() + ":face:" + face.faceId();
		return event(id, Event.FACE, watch, job.jobId() + "/" + face.faceId(), "face-" + SafeName.of(face.faceId()),
				face.imageUrl(), data);
	}

	/** {@code vedette.job.succeeded}, {@code .failed} or {@code .expired}. */
	public Event jobFinished(Watch watch) {
		Job job = watch.getJob();
		ObjectNode data = data(job).put("mediaUrl", job.mediaUrl()).put("reference", job.reference());
		if (watch.getOutcome() == Outcome.SUCCEEDED) {
			data.put("faces", watch.getAnswer().faces().size()).put("expiresAt", expiresAt(watch));
			details(watch, data);
		}
		else {
			Reason reason = (watch.getReason() != null) ? watch.getReason() : new Reason(null, null);
			data.putObject("reason").put("code", reason.code()).put("message", reason.message());
		}
		String type = "vedette.job." + watch.getOutcome().name().toLowerCase(Locale.ROOT);
		String id = job.provider() + ":" + job.jobId() + ":job";
		return (job.run() == 1) ? event(id, type, watch, job.jobId(), "job", null, data)
				: event(id + ":" + job.run(), type, watch, job.jobId(), "job-" + job.run(), null, data);
	}

	private ObjectNode data(Job job) {
		return this.json.createObjectNode().put("provider", job.provider()).put("jobId", job.jobId());
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
		ObjectNode event = this.json.createObjectNode()
			.put("specversion", "1.0")
			.put("type", type)
			.put("source", "/providers/" + watch.getJob().provider())
			.put("subject", subject)
			.put("id", id)
			.put("time", watch.getEndedAt().truncatedTo(ChronoUnit.MILLIS).toString())
			.put("datacontenttype", "application/json");
		event.set("data", data);
		try {
			return new Event(id, type, fileName, imageUrl, this.json.writeValueAsString(event));
		}
		catch (JsonProcessingException ex) {
			throw new IllegalStateException("event of " + watch.getJob() + ": can't be written as JSON", ex);
		}
	}

}
