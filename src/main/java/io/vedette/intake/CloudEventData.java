package io.vedette.intake;

import java.io.IOException;
import java.util.Objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The job request inside a CloudEvent of the structured JSON format. */
final class CloudEventData {

	private CloudEventData() {
	}

	/** Whether this is a CloudEvent. */
	static boolean isIn(JsonNode node) {
		return node.has("specversion");
	}

	/**
	 * Its data, null of JSON if it has none. That of an event of Vedette's own says more
	 * than a request may: only what belongs to one is handed on.
	 * @throws IOException if its data are not the Base64 of JSON
	 */
	static JsonNode of(JsonNode event, JsonMapper json) throws IOException {
		JsonNode data = event.has("data_base64") ? decode(event.get("data_base64"), json)
				: Objects.requireNonNullElse(event.get("data"), NullNode.getInstance());
		if (event.path("type").asText().startsWith("vedette.") && data instanceof ObjectNode object) {
			ObjectNode request = object.deepCopy().retain(RequestCheck.MEMBERS);
			return request.hasNonNull("jobId") ? request.without(RequestCheck.REQUEST_ID) : request;
		}
		return data;
	}

	private static JsonNode decode(JsonNode text, JsonMapper json) throws IOException {
		if (!text.isTextual()) {
			throw new IOException("no text");
		}
		return json.readTree(text.binaryValue());
	}

}
