package io.vedette.standin;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.springframework.web.util.UriUtils;

/**
 * Magic Hour "Get face detection details": no envelope, faces without ids, and faces that
 * show up before the job is complete.
 */
final class MagicHourApi implements ProviderApi {

	private static final String PATH = "/v1/face-detection/";

	@Override
	public String provider() {
		return "magic-hour";
	}

	@Override
	public Set<String> keyHeaders() {
		return Set.of(AUTHORIZATION);
	}

	@Override
	public String pictureFormat() {
		return "png";
	}

	@Override
	public boolean matches(Request request) {
		return request.path().startsWith(PATH);
	}

	@Override
	public Optional<String> jobId(Request poll) {
		return Optional.of(UriUtils.decode(poll.path().substring(PATH.length()), StandardCharsets.UTF_8));
	}

	@Override
	public Optional<String> submitted(Request request) {
		return Optional.empty();
	}

	@Override
	public Reply accepted(String id) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Reply answer(StandInJob job) {
		int progress = job.progress();
		StandInJob.Failure failure = (progress < 100) ? null : job.failure();
		List<String> found = (job.failure() == null) ? job.faces() : List.of();
		ObjectNode details = JsonNodeFactory.instance.objectNode()
			.put("id", job.id())
			.put("status", status(progress, failure))
			.put("credits_charged", 1)
			.putNull("error");
		ArrayNode faces = details.putArray("faces");
		for (int i = 0; i < found.size() * progress / 100; i++) {
			faces.addObject().put("path", "api-assets/id/" + i + ".png").put("url", found.get(i));
		}
		if (failure != null) {
			details.putObject("error").putPOJO("code", failure.code()).put("message", failure.reason());
		}
		return Reply.json(details);
	}

	private static String status(int progress, StandInJob.Failure failure) {
		if (progress < 100) {
			return (progress < 10) ? "queued" : "rendering";
		}
		return (failure != null) ? "error" : "complete";
	}

	private static Reply rejected(int status, String message) {
		return Reply.json(status, JsonNodeFactory.instance.objectNode().put("message", message));
	}

	@Override
	public Reply refused() {
		return rejected(401, "Unauthorized");
	}

	@Override
	public Reply notFound() {
		return rejected(404, "Not Found");
	}

	@Override
	public Reply invalid() {
		return rejected(400, "Bad Request");
	}

	@Override
	public StandInJob.Failure usualFailure() {
		return new StandInJob.Failure("The file could not be processed.", "processing_failed");
	}

	@Override
	public boolean failsWithoutFaces() {
		return false;
	}

}
