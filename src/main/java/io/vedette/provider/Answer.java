package io.vedette.provider;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vedette.text.ForeignText;

/**
 * The one answer that every {@code ask-} route ends with. Its JSON form, every member
 * optional: <pre>
 * {"progress": 42,
 *  "faces": [{"id": 0, "imageUrl": "https://...", "mediaType": "images", "details": {...}}],
 *  "details": {"detectId": "..."},
 *  "reason": {"code": "...", "message": "..."}}
 * </pre>
 *
 * @param type what it means for the job
 * @param progress 0 to 100, or null
 * @param faces the faces of a succeeded job
 * @param hasResult whether it has a list of faces, if only an empty one: some providers
 * say that a job has succeeded before they have its result
 * @param details what the next API call needs, told with every face: a JSON object, or
 * null
 * @param reason why a job failed or the provider refused, or null
 * @param retryAfter how long the provider wants to be left alone, zero where it does not
 * say
 */
public record Answer(AnswerClass type, Integer progress, List<Face> faces, boolean hasResult, JsonNode details,
		Reason reason, Duration retryAfter) {

	private static final int LONGEST_FACE_ID = 200;

	/** What is said at most polls, once for all jobs that wait. */
	private static final Answer PENDING = of(AnswerClass.PENDING, null, Duration.ZERO);

	/** An answer that carries nothing but its class. */
	public static Answer of(AnswerClass type, Reason reason, Duration retryAfter) {
		return new Answer(type, null, List.of(), false, null, reason, retryAfter);
	}

	/**
	 * Reads the JSON form above; a body of any other shape is an answer without content.
	 * What comes out can be stored: see {@link ForeignText}.
	 * @param maxFaces how many faces a job may have; one that has more has failed
	 */
	public static Answer read(AnswerClass type, Object body, Duration retryAfter, int maxFaces) {
		JsonNode json = (body instanceof JsonNode node) ? node : MissingNode.getInstance();
		JsonNode faces = json.path("faces");
		if (type == AnswerClass.SUCCEEDED && faces.size() > maxFaces) {
			return of(AnswerClass.FAILED, tooMany(faces.size(), maxFaces), retryAfter);
		}
		JsonNode reason = json.path("reason");
		Answer answer = new Answer(type, progress(json.path("progress")), faces(faces),
				faces.isArray() || !faces.isEmpty(), object(json.path("details")),
				reason.isObject() ? new Reason(text(reason.path("code")), text(reason.path("message"))) : null,
				retryAfter);
		return answer.equals(PENDING) ? PENDING : answer;
	}

	/** The reader of replies stops counting at one more than the most. */
	private static Reason tooMany(int faces, int maxFaces) {
		return new Reason("too-many-faces",
				"%d faces or more; expected at most %d. Raise max-faces of the provider, forget the job and hand it in again."
					.formatted(faces, maxFaces));
	}

	private static Integer progress(JsonNode node) {
		double value = node.isNumber() ? node.doubleValue() : Double.NaN;
		if (node.isTextual() && node.textValue().trim().matches("\\d{1,3}(\\.\\d{1,9})?\\s*%?")) {
			value = Double.parseDouble(node.textValue().replace("%", "").trim());
		}
		return Double.isNaN(value) ? null : (int) Math.round(Math.max(0, Math.min(100, value)));
	}

	private static List<Face> faces(JsonNode list) {
		List<Face> faces = new ArrayList<>();
		Set<String> seen = new HashSet<>();
		for (JsonNode item : list) {
			int index = faces.size();
			String id = text(item.path("id"));
			if (id == null || id.isBlank() || id.length() > LONGEST_FACE_ID) {
				id = Integer.toString(index);
			}
			// Two faces of one id would share their event id, and receivers would drop
			// one of them.
			while (!seen.add(id)) {
				id = id + "~" + index;
			}
			faces.add(new Face(id, index, url(item.path("imageUrl")), text(item.path("mediaType")),
					object(item.path("details"))));
		}
		return List.copyOf(faces);
	}

	private static String url(JsonNode node) {
		return (node.isTextual() && !node.textValue().isBlank()) ? text(node) : null;
	}

	private static JsonNode object(JsonNode node) {
		return node.isObject() ? ForeignText.storable(node) : null;
	}

	private static String text(JsonNode node) {
		if (node.isMissingNode() || node.isNull()) {
			return null;
		}
		return ForeignText.storable(node.isValueNode() ? node.asText() : node.toString());
	}

}
