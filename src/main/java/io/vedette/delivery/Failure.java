package io.vedette.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.vedette.http.RetryAfter;
import io.vedette.text.ForeignText;
import org.apache.camel.CamelException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * What a leaf has thrown, as far as it decides what becomes of a delivery.
 *
 * @param reason what a person reads; of a URL no more than its host
 * @param isFinal whether the same event will not do later either
 * @param retryAfter how long the target wants to be left alone, at least zero
 */
record Failure(String reason, boolean isFinal, Duration retryAfter) {

	private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

	private static final int LONGEST_REASON = 500;

	/** Gone, and Unsupported Media Type. */
	private static final Set<Integer> FINAL = Set.of(410, 415);

	private static final Pattern URL_PATH = Pattern.compile("(https?://)(?:[^/\\s\"'@]*@)?([^/\\s\"'@]+)[^\\s\"']*");

	private static final Pattern AMQP_REPLY = Pattern.compile("reply-text=(.*), class-id=");

	static Failure of(Exception thrown, Instant now) {
		Exception cause = unwrapped(thrown);
		if (cause instanceof HttpOperationFailedException reply) {
			return new Failure("HTTP " + reply.getStatusCode(), FINAL.contains(reply.getStatusCode()),
					retryAfter(reply, now));
		}
		return new Failure(reason(cause), false, Duration.ZERO);
	}

	/** What is at the bottom of it: of what an AMQP broker says, its own words. */
	static String rootReason(Throwable thrown) {
		Throwable root = thrown;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		Matcher reply = AMQP_REPLY.matcher(String.valueOf(root.getMessage()));
		return reply.find() ? printable(reply.group(1)) : reason(root);
	}

	private static String reason(Throwable cause) {
		String name = cause.getClass().getSimpleName();
		return (cause.getMessage() == null) ? name
				: "%s: %s".formatted(name, printable(URL_PATH.matcher(cause.getMessage()).replaceAll("$1$2")));
	}

	/** What was thrown, without what Camel has wrapped around it. */
	private static Exception unwrapped(Exception thrown) {
		Exception cause = thrown;
		while (cause.getCause() instanceof Exception inner
				&& (cause instanceof CamelException || cause instanceof RuntimeCamelException)) {
			cause = inner;
		}
		return cause;
	}

	private static Duration retryAfter(HttpOperationFailedException reply, Instant now) {
		if (reply.getResponseHeaders() == null) {
			return Duration.ZERO;
		}
		return reply.getResponseHeaders()
			.entrySet()
			.stream()
			.filter((header) -> header.getKey().equalsIgnoreCase("retry-after"))
			.map((header) -> RetryAfter.parse(header.getValue(), now, LONGEST_RETRY_AFTER))
			.findFirst()
			.orElse(Duration.ZERO);
	}

	/** Foreign text as it can be stored and shown: one line, no longer than that. */
	static String printable(String text) {
		return ForeignText.printable(text, LONGEST_REASON);
	}

}
