package io.vedette.http;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The {@code Retry-After} header of RFC 9110, section 10.2.3: seconds, or an HTTP date in
 * any of the three forms of section 5.6.7.
 */
public final class RetryAfter {

	private static final int MAX_LENGTH = 100;

	/** IMF-fixdate, RFC 850 and asctime. */
	private static final List<DateTimeFormatter> FORMS = Stream
		.of("d MMM yyyy HH:mm:ss", "d-MMM-yy HH:mm:ss", "MMM ppd HH:mm:ss yyyy")
		.map((form) -> DateTimeFormatter.ofPattern(form, Locale.ENGLISH))
		.toList();

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
		Duration wait = date(value, now).map((moment) -> Duration.between(now, moment)).orElse(Duration.ZERO);
		return wait.isNegative() ? Duration.ZERO : (wait.compareTo(longest) > 0) ? longest : wait;
	}

	/** Without the day of the week, which says nothing new and may be wrong. */
	private static Optional<Instant> date(String text, Instant now) {
		String value = text.replaceFirst("^[A-Za-z]+,? +", "").replaceFirst(" (GMT|UTC)$", "");
		for (DateTimeFormatter form : FORMS) {
			try {
				return Optional.of(inItsCentury(LocalDateTime.parse(value, form), now));
			}
			catch (DateTimeException ex) {
				// Maybe in the next form.
			}
		}
		return Optional.empty();
	}

	/** A year of two digits that seems more than 50 years ahead is one of the past. */
	private static Instant inItsCentury(LocalDateTime date, Instant now) {
		boolean ahead = date.minusYears(50).toInstant(ZoneOffset.UTC).isAfter(now);
		return date.minusYears(ahead ? 100 : 0).toInstant(ZoneOffset.UTC);
	}

}
