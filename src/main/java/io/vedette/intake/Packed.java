package io.vedette.intake;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import org.apache.camel.Message;

/**
 * Unpacks messages. Gzip is told by its first two bytes, which no JSON begins with: not
 * every transport hands on a header, and some are told of gzip that never was.
 */
final class Packed {

	private static final int LARGEST = 16 << 20;

	private static final Set<String> OTHERS = Set.of("deflate", "zlib", "br", "zstd", "compress", "lz4", "snappy",
			"bzip2", "xz");

	private Packed() {
	}

	/**
	 * The bytes as they are, or what they were before gzip.
	 * @throws IOException if that is broken or longer than 16 MB
	 */
	static byte[] unpack(byte[] bytes) throws IOException {
		if (bytes.length < 2 || bytes[0] != 0x1f || bytes[1] != (byte) 0x8b) {
			return bytes;
		}
		try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
			byte[] unpacked = stream.readNBytes(LARGEST + 1);
			if (unpacked.length > LARGEST) {
				throw new IOException("unpacks to more than 16 MB; expected less. Send fewer requests in it.");
			}
			return unpacked;
		}
		catch (EOFException | ZipException ex) {
			throw new IOException("gzip that is broken (%s). Pack it again.".formatted(ex.getMessage()), ex);
		}
	}

	/** A coding other than gzip that the message says it has, or null. */
	static String otherCoding(Message message) {
		return message.getHeaders()
			.keySet()
			.stream()
			.filter((name) -> name.replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT).endsWith("contentencoding"))
			.map((name) -> message.getHeader(name, String.class))
			.filter((coding) -> coding != null && OTHERS.contains(coding.trim().toLowerCase(Locale.ROOT)))
			.findFirst()
			.orElse(null);
	}

}
