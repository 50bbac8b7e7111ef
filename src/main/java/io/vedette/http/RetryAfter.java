package io.vedette.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * The {@code Retry-After} header of RFC 9110, section 10.2.3: seconds or an HTTP date.
 */
public final class RetryAfter {

	private RetryAfter() {
	}

	/**
	 * Reads the header.
	 * @param text the header's value; null, garbage and moments in the past mean no wait
	 * @param now the moment a date is compared with
	 * @param longest the longest wait that is believed
	 * @return a wait from zero to {@code longest}
	 */
	public static Duration parse(String text, Instant now, Duration longest) {
		if (text == null) {
			return Duration.ZERO;
		}
		String value = text.trim();
		if (value.matches("\\d+")) {
			// 18 digits fit a long; more are absurd and end at the longest wait all the
			// same.
			long seconds = (value.length() > 18) ? Long.MAX_VALUE : Long.parseLong(value);
			return Duration.ofSeconds(Math.min(seconds, longest.toSeconds()));
		}
		try {
			Duration wait = Duration.between(now,
					ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
			return wait.isNegative() ? Duration.ZERO : (wait.compareTo(longest) > 0) ? longest : wait;
		}
		catch (DateTimeException ex) {
			return Duration.ZERO;
		}
	}

}
