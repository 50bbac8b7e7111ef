package io.vedette.standin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;

/**
 * A request as it came over the wire: path and query still percent-encoded, header names
 * in lower case, repeated headers joined by a comma.
 */
public record Request(Instant time, String method, String path, String query, Map<String, String> headers,
		byte[] body) {

	private static final ObjectMapper JSON = new ObjectMapper();

	static Request of(HttpExchange exchange, Instant time) throws IOException {
		return new Request(time, exchange.getRequestMethod(), exchange.getRequestURI().getRawPath(),
				exchange.getRequestURI().getRawQuery(), headers(exchange), exchange.getRequestBody().readAllBytes());
	}

	/**
	 * Interned, so that 100,000 recorded requests share the few header texts they have.
	 */
	private static Map<String, String> headers(HttpExchange exchange) {
		return exchange.getRequestHeaders()
			.entrySet()
			.stream()
			.collect(Collectors.toUnmodifiableMap((header) -> header.getKey().toLowerCase(Locale.ROOT).intern(),
					(header) -> String.join(", ", header.getValue()).intern()));
	}

	public String header(String name) {
		return this.headers.get(name.toLowerCase(Locale.ROOT));
	}

	public String text() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

	/** The member of the JSON that is posted to this path, if it is. */
	Optional<String> submits(String wanted, String member) {
		if (!this.method.equals("POST") || !this.path.equals(wanted)) {
			return Optional.empty();
		}
		try {
			return Optional.of(JSON.readTree(this.body).path(member).asText());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The first value of a query parameter, decoded as servers decode it: a plus is a
	 * space.
	 */
	public Optional<String> parameter(String name) {
		if (this.query == null) {
			return Optional.empty();
		}
		for (String pair : this.query.split("&")) {
			if (pair.startsWith(name + "=")) {
				return Optional.of(URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8));
			}
		}
		return Optional.empty();
	}

}
