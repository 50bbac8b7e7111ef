package io.vedette.standin;

import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * crun.ai "Get face detection result". A failed job, too, is code 200 and "success".
 */
final class CrunApi implements ProviderApi {

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

	@Override
	public String provider() {
		return "crun";
	}

	@Override
	public Set<String> keyHeaders() {
		return Set.of(API_KEY);
	}

	@Override
	public String pictureFormat() {
		return "jpg";
	}

	@Override
	public boolean matches(Request request) {
		return request.path().equals("/api/v1/client/job/detect-face-result");
	}

	@Override
	public Optional<String> jobId(Request poll) {
		return poll.parameter("detect_task_id");
	}

	@Override
	public Optional<String> submitted(Request request) {
		return request.submits("/api/v1/client/job/detect-face-image", "image_url")
			.or(() -> request.submits("/api/v1/client/job/detect-face-video", "video_url"));
	}

	@Override
	public Reply accepted(String id) {
		return ok(object().put("detect_task_id", id));
	}

	@Override
	public Reply answer(StandInJob job) {
		int progress = job.progress();
		if (progress < 100) {
			return ok(task(job, (progress < 10) ? "starting" : "processing"));
		}
		if (job.failure() != null) {
			ObjectNode failed = task(job, "failed");
			failed.putObject("error").putPOJO("code", job.failure().code()).put("message", job.failure().reason());
			return ok(failed);
		}
		return ok(task(job, "succeeded").set("result", result(job)));
	}

	private static ObjectNode task(StandInJob job, String status) {
		return object().put("detect_task_id", job.id()).putNull("result").put("status", status).putNull("error");
	}

	private static ObjectNode result(StandInJob job) {
		ObjectNode result = object().put("id", job.detectId())
			.put("status", "succeed")
			.put("type", "face_detect")
			.putNull("hair_id");
		ArrayNode faces = result.putArray("faces");
		for (int i = 0; i < job.faces().size(); i++) {
			faces.addObject().put("id", i).put("link", job.faces().get(i));
		}
		return result.put("started_at", TIME.format(job.local(job.added())))
			.put("finished_at", TIME.format(job.local(job.finishesAt())))
			.putNull("error");
	}

	private static Reply ok(ObjectNode data) {
		return Reply.json(object().put("code", 200).put("message", "success").set("data", data));
	}

	private static Reply rejected(int code, String message) {
		return Reply.json(code, object().put("code", code).put("message", message).putNull("data"));
	}

	private static ObjectNode object() {
		return JsonNodeFactory.instance.objectNode();
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
		return rejected(422, "Validation Error");
	}

	@Override
	public StandInJob.Failure usualFailure() {
		return new StandInJob.Failure("[任务NDm40D2DQp6] 未检测到人脸,源文件未检测到人脸", "FaceSwap.Detect.Failed");
	}

	@Override
	public boolean failsWithoutFaces() {
		return true;
	}

}
