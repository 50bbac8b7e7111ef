package io.vedette.rig;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * The body of each event as it was seen first, whichever target it went to: of a hundred
 * thousand no more than a fingerprint is kept, of those of batches the data.
 */
final class Bodies {

	private static final ObjectMapper JSON = new ObjectMapper();

	private final Map<String, Print> first = new ConcurrentHashMap<>();

	private final Map<String, JsonNode> batches = new ConcurrentHashMap<>();

	private record Print(String type, long hash) {
	}

	/** Whether these bytes are that event, and the same that were seen before. */
	boolean agree(String id, byte[] body) {
		try {
			JsonNode event = JSON.readTree(body);
			Print print = new Print(event.path("type").asText().intern(), hash(body));
			Print seen = this.first.putIfAbsent(id, print);
			if (id.startsWith("batch:")) {
				this.batches.putIfAbsent(id, event.path("data"));
			}
			return event.path("id").asText().equals(id) && (seen == null || seen.equals(print));
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** The type of an event, or null if nobody has seen it. */
	String type(String id) {
		Print print = this.first.get(id);
		return (print != null) ? print.type() : null;
	}

	/** The data of a batch's event, or null if nobody has seen it. */
	JsonNode batch(String id) {
		return this.batches.get(id);
	}

	private static long hash(byte[] body) {
		try {
			return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(body)).getLong();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
