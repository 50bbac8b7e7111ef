package io.vedette.delivery;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

import org.springframework.util.StringUtils;

/** A picture that is its own URL: {@code data:image/png;base64,...} (RFC 2397). */
final class DataUrl {

	private static final String SCHEME = "data:";

	private DataUrl() {
	}

	static boolean is(String url) {
		String start = url.stripLeading();
		return start.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
	}

	/**
	 * What it holds, whatever it says that it is. Base64 may be of either alphabet, with
	 * or without line breaks and padding.
	 * @throws IllegalArgumentException if it can't be read
	 */
	static byte[] bytes(String url) {
		int comma = url.indexOf(',');
		if (comma < 0) {
			throw new IllegalArgumentException("no comma before its data");
		}
		String data = StringUtils.uriDecode(url.substring(comma + 1).strip(), StandardCharsets.ISO_8859_1);
		if (url.substring(0, comma).strip().toLowerCase(Locale.ROOT).matches(".*;\\s*base64")) {
			return Base64.getMimeDecoder().decode(data.replace('-', '+').replace('_', '/'));
		}
		return data.getBytes(StandardCharsets.ISO_8859_1);
	}

}
