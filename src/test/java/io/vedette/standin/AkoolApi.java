package io.vedette.standin;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Akool "Get Analysis Result (Head Swap)", v4. Every answer is HTTP 200; the {@code code}
 * in the body tells.
 */
final class AkoolApi implements ProviderApi {

	private static final int IN_QUEUE = 1;

	private static final int PROCESSING = 2;

	private static final int COMPLETED = 3;

	private static final int FAILED = 4;

	@Override
	public String provider() {
		return "akool";
	}

	@Override
	public Set<String> keyHeaders() {
		return Set.of(API_KEY, AUTHORIZATION);
	}

	@Override
	public String pictureFormat() {
		return "png";
	}

	@Override
	public boolean matches(Request request) {
		return request.path().equals("/api/open/v4/headswap/analyze/detail");
	}

	@Override
	public Optional<String> jobId(Request poll) {
		return poll.parameter("_id");
	}

	@Override
	public Optional<String> submitted(Request request) {
		return request.submits("/api/open/v4/headswap/analyze", "video_url");
	}

	@Override
	public Reply accepted(String id) {
		ObjectNode data = object().put("_id", id).put("status", 1).put("progress", 0).putNull("analysis_result");
		return Reply.json(object().put("code", 1000).put("msg", "Analyze success").set("data", data));
	}

	@Override
	public Reply answer(StandInJob job) {
		int progress = job.progress();
		if (progress < 100) {
			return ok(details(job, (progress < 10) ? IN_QUEUE : PROCESSING, progress));
		}
		if (job.failure() != null) {
			ObjectNode failed = details(job, FAILED, 99).put("error_reason", job.failure().reason());
			return ok(failed.putPOJO("error_code", job.failure().code()));
		}
		return ok(details(job, COMPLETED, 100).set("analysis_result", result(job.faces())));
	}

	private static ObjectNode details(StandInJob job, int status, int progress) {
		return object().put("_id", job.id())
			.put("create_time", job.added().toEpochMilli())
			.put("uid", 101400)
			.put("team_id", "6805fb69e92d9edc7ca0b409")
			.put("video_url", "https://example.com/videos/source.mp4")
			.put("type", "head")
			.put("status", status)
			.put("task_id", "")
			.put("progress", progress)
			.putNull("analysis_result")
			.put("error_reason", "")
			.put("error_code", 0);
	}

	private static ObjectNode result(List<String> faces) {
		ObjectNode result = object().put("detected_objects", faces.size());
		ArrayNode media = result.putArray("media");
		for (int i = 0; i < faces.size(); i++) {
			media.addObject().put("obj_id", i).put("img_url", faces.get(i)).put("media_type", "images");
		}
		result.putObject("video_info").put("width", 1280).put("height", 720).put("fps", 25).put("frame_count", 250);
		return result;
	}

	private static Reply ok(ObjectNode data) {
		return Reply.json(object().put("code", 1000).put("msg", "OK").set("data", data));
	}

	private static Reply rejected(int code, String message) {
		return Reply.json(object().put("code", code).put("msg", message));
	}

	private static ObjectNode object() {
		return JsonNodeFactory.instance.objectNode();
	}

	@Override
	public Reply refused() {
		return rejected(1101, "Illegal token");
	}

	@Override
	public Reply notFound() {
		return rejected(1014, "Resource not found");
	}

	@Override
	public Reply invalid() {
		return rejected(1003, "Parameter error");
	}

	@Override
	public StandInJob.Failure usualFailure() {
		return new StandInJob.Failure("Video processing error", 1015);
	}

	@Override
	public boolean failsWithoutFaces() {
		return false;
	}

}
