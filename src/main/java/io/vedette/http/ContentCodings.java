package io.vedette.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;

/**
 * The content codings of a reply (RFC 9110, section 8.4), taken as browsers and curl take
 * them: servers and gateways announce {@code utf-8}, {@code aws-chunked} or nothing at
 * all over plain bytes, and compression that they have not done. So only gzip and deflate
 * are undone, and only where the bytes begin like it.
 */
final class ContentCodings {

	private static final Set<String> COMPRESSIONS = Set.of("gzip", "x-gzip", "deflate");

	/** The longest head of a deflate block fits; shorter replies are judged whole. */
	private static final int START = 1024;

	private ContentCodings() {
	}

	/** The compressions that the reply announces, in the order they were applied. */
	static List<String> announced(HttpResponse response) {
		return Stream.of(response.getHeaders(HttpHeaders.CONTENT_ENCODING))
			.map(Header::getValue)
			.filter((value) -> value != null)
			.flatMap((value) -> Stream.of(value.split(",")))
			.map((coding) -> coding.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT))
			.filter(COMPRESSIONS::contains)
			.toList();
	}

	/**
	 * The stream without one compression, if there is one.
	 * @param in compressed once, or plain
	 */
	static InputStream decompress(InputStream in) throws IOException {
		PushbackInputStream ahead = new PushbackInputStream(in, START);
		byte[] start = ahead.readNBytes(START);
		ahead.unread(start);
		if (isGzip(start)) {
			return new GZIPInputStream(ahead);
		}
		// Some servers leave out the zlib header, for which deflate is but another name.
		for (boolean bare : new boolean[] { false, true }) {
			if (inflates(start, bare)) {
				return new Inflating(ahead, new Inflater(bare));
			}
		}
		return ahead;
	}

	private static boolean isGzip(byte[] start) {
		return start.length > 2 && (start[0] & 0xff) == 0x1f && (start[1] & 0xff) == 0x8b && start[2] == 8;
	}

	private static boolean inflates(byte[] start, boolean bare) {
		Inflater inflater = new Inflater(bare);
		try {
			inflater.setInput(start);
			byte[] some = new byte[8192];
			while (inflater.inflate(some) > 0) {
				// Garbage shows on the way.
			}
			return inflater.finished() ? inflater.getRemaining() == 0
					: start.length == START && !inflater.needsDictionary();
		}
		catch (DataFormatException ex) {
			return false;
		}
		finally {
			inflater.end();
		}
	}

	/** Frees the inflater, which the JDK's own stream does only to one it has made. */
	private static final class Inflating extends InflaterInputStream {

		Inflating(InputStream in, Inflater inflater) {
			super(in, inflater);
		}

		@Override
		public void close() throws IOException {
			super.close();
			this.inf.end();
		}

	}

}
