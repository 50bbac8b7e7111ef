package io.vedette.http;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

import org.apache.hc.client5.http.utils.DateUtils;

/**
 * The {@code Retry-After} header of RFC 9110, section 10.2.3: seconds, or an HTTP date in
 * any of the three forms of section 5.6.7.
 */
public final class RetryAfter {

	private static final int MAX_LENGTH = 100;

	private RetryAfter() {
	}

	/**
	 * Reads the header.
	 * @param text the header's value; null, garbage and moments in the past mean no wait,
	 * a fraction of a second a whole one
	 * @param now the moment a date is compared with
	 * @param longest the longest wait that is believed
	 * @return a wait from zero to {@code longest}
	 */
	public static Duration parse(String text, Instant now, Duration longest) {
		if (text == null || text.length() > MAX_LENGTH) {
			return Duration.ZERO;
		}
		String value = text.strip();
		if (value.matches("[0-9]+(\\.[0-9]*)?")) {
			BigDecimal seconds = new BigDecimal(value).setScale(0, RoundingMode.CEILING);
			return Duration.ofSeconds(seconds.min(BigDecimal.valueOf(longest.toSeconds())).longValue());
		}
		Instant moment = DateUtils.parseStandardDate(value);
		Duration wait = (moment != null) ? Duration.between(now, inItsCentury(moment, now)) : Duration.ZERO;
		return wait.isNegative() ? Duration.ZERO : (wait.compareTo(longest) > 0) ? longest : wait;
	}

	/** A year of two digits that seems more than 50 years ahead is one of the past. */
	private static Instant inItsCentury(Instant moment, Instant now) {
		boolean ahead = moment.atOffset(ZoneOffset.UTC).minusYears(50).toInstant().isAfter(now);
		return ahead ? moment.atOffset(ZoneOffset.UTC).minusYears(100).toInstant() : moment;
	}

}
