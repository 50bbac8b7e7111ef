package io.vedette.provider;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.camel.Exchange;
import org.apache.camel.Message;

import org.springframework.web.util.UriUtils;

/**
 * Where a provider wants to see the key: {@code x-api-key: {key}}, {@code Authorization:
 * Bearer {key}}, any other word or none in front of it, or {@code ?token={key}} in the
 * query. Behind {@code Basic} a key with a colon is encoded as RFC 7617 says; one without
 * is encoded already.
 *
 * @param name of the header or query parameter
 * @param before what stands in front of the key
 * @param inQuery whether it is a query parameter
 */
record TableKey(String name, String before, boolean inQuery) {

	private static final Pattern HEADER = Pattern.compile("([A-Za-z0-9-]+): *((?:[A-Za-z0-9-]+ )?)\\{key}");

	private static final Pattern QUERY = Pattern.compile("\\?([A-Za-z0-9._-]+)=\\{key}");

	/** Reads what a table says, or null if it is neither of the two. */
	static TableKey parse(String text) {
		Matcher header = HEADER.matcher(text.strip());
		if (header.matches() && !header.group(1).toLowerCase(Locale.ROOT).startsWith("camel")) {
			return new TableKey(header.group(1), header.group(2), false);
		}
		Matcher query = QUERY.matcher(text.strip());
		return query.matches() ? new TableKey(query.group(1), "", true) : null;
	}

	/** Shows the token, or else the key, or nothing where neither is set. */
	void show(String bearerToken, String apiKey, Message message) {
		if (bearerToken != null) {
			message.setHeader("Authorization", bearerToken);
		}
		else if (apiKey != null) {
			show(apiKey, message);
		}
	}

	void show(String key, Message message) {
		if (this.inQuery) {
			String query = message.getHeader(Exchange.HTTP_QUERY, "", String.class);
			String parameter = this.name + "=" + UriUtils.encode(key, StandardCharsets.UTF_8);
			message.setHeader(Exchange.HTTP_QUERY, query.isEmpty() ? parameter : query + "&" + parameter);
		}
		else {
			message.setHeader(this.name, this.before + (isPair(key) ? encoded(key) : key));
		}
	}

	private boolean isPair(String key) {
		return this.before.equalsIgnoreCase("Basic ") && key.contains(":");
	}

	private static String encoded(String key) {
		return Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
	}

}
