package io.vedette.egress;

import java.net.IDN;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.vedette.http.ExactUrl;

/**
 * Writes a URL that came from outside so that nobody after us reads it differently:
 * characters that RFC 3986 does not allow become percent escapes, all others stay as they
 * are. Blanks around it are no part of it, and without a scheme it is https.
 */
final class PictureUrl {

	private static final int MAX_LENGTH = 8192;

	private static final Pattern PARTS = Pattern
		.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<authority>[^/?#]*)(?<rest>[^#]*)(?:#.*)?", Pattern.DOTALL);

	private static final Pattern AUTHORITY = Pattern
		.compile("(?<host>\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]+)(?::(?<port>\\d{0,5}))?");

	/** Also the blanks that only Unicode knows, and a byte order mark. */
	private static final Pattern BLANKS_AROUND = Pattern.compile("^[\\s\\p{Z}\\uFEFF]+|[\\s\\p{Z}\\uFEFF]+$");

	private PictureUrl() {
	}

	/**
	 * The same URL, absolute, without fragment, legal by RFC 3986.
	 * @throws EgressRefusedException if that is not possible, or the URL is not http or
	 * https, has a user or password in it or is longer than 8192 characters
	 */
	static String normalise(String text) throws EgressRefusedException {
		if (text == null || text.isBlank()) {
			throw EgressRefusedException.url("empty; expected an absolute http or https URL.");
		}
		requireLength(text);
		String bare = BLANKS_AROUND.matcher(text).replaceAll("");
		String url = bare.startsWith("//") ? "https:" + bare : bare;
		if (url.chars().anyMatch(Character::isISOControl)) {
			throw EgressRefusedException.url("control characters; expected none.");
		}
		Matcher parts = PARTS.matcher(url);
		if (!parts.matches()) {
			throw EgressRefusedException.url("not absolute; expected http:// or https:// and a host.");
		}
		String normal = scheme(parts.group("scheme")) + "://" + authority(parts.group("authority"))
				+ ExactUrl.target(parts.group("rest"));
		requireLength(normal);
		return normal;
	}

	private static void requireLength(String url) throws EgressRefusedException {
		if (url.length() > MAX_LENGTH) {
			throw EgressRefusedException.url("%d characters; expected at most %d.".formatted(url.length(), MAX_LENGTH));
		}
	}

	private static String scheme(String scheme) throws EgressRefusedException {
		String lower = scheme.toLowerCase(Locale.ROOT);
		if (!lower.equals("http") && !lower.equals("https")) {
			throw EgressRefusedException.url("scheme \"%s\"; expected http or https.".formatted(lower));
		}
		return lower;
	}

	private static String authority(String authority) throws EgressRefusedException {
		if (authority.contains("@")) {
			throw EgressRefusedException.url("a user or password before the host; expected none.");
		}
		Matcher parts = AUTHORITY.matcher(authority);
		if (!parts.matches()) {
			throw EgressRefusedException.url("no host, or not a legal one; expected a host name or an IP address.");
		}
		String host = host(parts.group("host"));
		return host + port(host, parts.group("port"));
	}

	private static String host(String host) throws EgressRefusedException {
		try {
			String ascii = IDN.toASCII(host).toLowerCase(Locale.ROOT);
			if (URI.create("http://" + ascii + "/").getHost() != null) {
				return ascii;
			}
		}
		catch (IllegalArgumentException ex) {
			// refused below
		}
		throw EgressRefusedException.host(host, "not a legal host name; expected letters, digits, dots and hyphens.");
	}

	private static String port(String host, String port) throws EgressRefusedException {
		if (port == null || port.isEmpty()) {
			return "";
		}
		int number = Integer.parseInt(port);
		if (number < 1 || number > 65535) {
			throw EgressRefusedException.host(host, "port %s; expected 1 to 65535.".formatted(port));
		}
		return ":" + number;
	}

}
