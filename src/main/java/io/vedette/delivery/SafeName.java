package io.vedette.delivery;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names files and directories after ids that somebody else has chosen. A safe id keeps
 * its name. Any other becomes what is readable of it, a dot and its SHA-256: no safe id
 * has a dot, so two different ids never get the same name. Safe ids that differ in case
 * only do share one where the file system does not tell case apart.
 */
final class SafeName {

	private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_-]{1,100}");

	private static final int MAX_READABLE = 55;

	private SafeName() {
	}

	/** A name of 1 to 120 characters from {@code [A-Za-z0-9_.-]}, never a dot first. */
	static String of(String id) {
		return SAFE.matcher(id).matches() ? id : readable(id) + "." + hash(id);
	}

	private static String readable(String id) {
		String start = id.substring(0, Math.min(id.length(), MAX_READABLE)).replaceAll("[^A-Za-z0-9_-]", "_");
		return start.isEmpty() ? "_" : start;
	}

	/** Of the characters as they are: broken surrogates would be alike in UTF-8. */
	private static String hash(String id) {
		ByteBuffer characters = ByteBuffer.allocate(id.length() * Character.BYTES);
		characters.asCharBuffer().put(id);
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(characters.array()));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("safe name: the JDK has no SHA-256; expected it in every one.", ex);
		}
	}

}
