package io.vedette.intake;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * What a source of requests says for those in it that do not say it themselves.
 *
 * @param trace the trace that it came in, or null
 * @param identity what it is known by when it is read once more, or null if it never is
 * @param key id of its only request, or null
 */
record Origin(String trace, String identity, String key) {

	static final Origin UNKNOWN = new Origin(null, null, null);

	/** A file, which is read once more if Vedette is killed before it is moved. */
	static Origin file(String name, Long changedAt) {
		return new Origin(null, "file\n" + name + "\n" + changedAt, null);
	}

	/** A message, which comes once more if its broker does not hear that it was taken. */
	static Origin message(byte[] body, String trace) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
			return new Origin(trace, "message\n" + HexFormat.of().formatHex(hash), null);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("the JDK has no SHA-256; expected it in every one.", ex);
		}
	}

	/** The same with the trace that a part of it names. */
	Origin in(String ownTrace) {
		return (ownTrace != null) ? new Origin(ownTrace, this.identity, this.key) : this;
	}

	/** Id of the request at this place, the same whenever the source is read. */
	String requestId(int number) {
		if (this.key != null) {
			return this.key;
		}
		return ((this.identity != null)
				? UUID.nameUUIDFromBytes((this.identity + "\n" + number).getBytes(StandardCharsets.UTF_8))
				: UUID.randomUUID())
			.toString();
	}

}
