package io.vedette.http;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;

/**
 * Has a request sent to a URL byte for byte. Camel escapes {@code ~} on the way, which
 * RFC 3986 calls the same and whoever signed the text of the URL does not. So path and
 * query also travel in a header of their own, which {@link ReplyLimits} puts back and
 * takes away.
 */
public final class ExactUrl {

	private static final String HEADER = "vedette-request-target";

	private static final Pattern PARTS = Pattern.compile("(?<root>[^/?#]*//[^/?#]*)(?<target>[^#]*)(?:#.*)?",
			Pattern.DOTALL);

	private static final String LEGAL = "-._~!$&'()*+,;=:@/?";

	private static final String HEX = "0123456789ABCDEF";

	private ExactUrl() {
	}

	/**
	 * Has the message sent there, without the fragment.
	 * @param url absolute http or https URL; what RFC 3986 does not allow behind its host
	 * is escaped, all else stays as it is
	 */
	public static void set(Message message, String url) {
		Matcher parts = PARTS.matcher(url);
		if (!parts.matches()) {
			throw new IllegalArgumentException("URL: not absolute; expected http:// or https:// and a host.");
		}
		String target = target(parts.group("target"));
		message.setHeader(Exchange.HTTP_URI, parts.group("root") + target);
		message.setHeader(HEADER, target);
	}

	/**
	 * Path and query as a request line takes them: characters that RFC 3986 does not
	 * allow become percent escapes, braces among them, so that nothing in it is a
	 * placeholder to Camel.
	 */
	public static String target(String pathAndQuery) {
		StringBuilder legal = new StringBuilder(pathAndQuery.length() + 16);
		if (!pathAndQuery.startsWith("/")) {
			legal.append('/');
		}
		for (int i = 0; i < pathAndQuery.length(); i = pathAndQuery.offsetByCodePoints(i, 1)) {
			int character = pathAndQuery.codePointAt(i);
			if (isLegal(character) || isEscape(pathAndQuery, i)) {
				legal.appendCodePoint(character);
			}
			else {
				escape(character, legal);
			}
		}
		return legal.toString();
	}

	/** Puts back what Camel has changed, in a request that {@link #set} has addressed. */
	static void apply(HttpRequest request, HttpRequest original) {
		Header target = request.getFirstHeader(HEADER);
		if (target != null) {
			request.setPath(target.getValue());
			request.removeHeaders(HEADER);
			original.removeHeaders(HEADER);
		}
	}

	private static boolean isLegal(int character) {
		return character < 128 && (Character.isLetterOrDigit(character) || LEGAL.indexOf(character) >= 0);
	}

	private static boolean isEscape(String text, int at) {
		return text.charAt(at) == '%' && at + 2 < text.length() && Character.digit(text.charAt(at + 1), 16) >= 0
				&& Character.digit(text.charAt(at + 2), 16) >= 0 && text.charAt(at + 1) < 128
				&& text.charAt(at + 2) < 128;
	}

	private static void escape(int character, StringBuilder to) {
		for (byte octet : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
			to.append('%').append(HEX.charAt((octet >> 4) & 0xf)).append(HEX.charAt(octet & 0xf));
		}
	}

}
