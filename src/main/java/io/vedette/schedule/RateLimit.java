package io.vedette.schedule;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.boot.convert.DurationStyle;

/**
 * A provider's limit: at most {@code requests} in any {@code period}. Written as
 * {@code 20/10s}.
 *
 * @param requests how many, at least 1
 * @param period in which time, whole milliseconds, at most a day
 */
public record RateLimit(int requests, Duration period) {

	private static final Duration LONGEST = Duration.ofDays(1);

	private static final Pattern TEXT = Pattern.compile("\\s*(\\d{1,7})\\s*/\\s*(\\d+\\s*[a-z]+)\\s*");

	public RateLimit {
		if (requests < 1 || period.compareTo(LONGEST) > 0 || period.toMillis() < 1
				|| !period.equals(Duration.ofMillis(period.toMillis()))) {
			throw new IllegalArgumentException(
					"rate limit: %d in %s; expected at least one request in whole milliseconds, at most a day"
						.formatted(requests, period));
		}
	}

	/**
	 * Reads {@code <requests>/<duration>}; Spring Boot binds the key {@code rate-limit}
	 * with it.
	 */
	public static RateLimit of(String text) {
		Matcher matcher = TEXT.matcher(text);
		if (!matcher.matches()) {
			throw new IllegalArgumentException(
					"rate limit \"%s\"; expected <requests>/<duration>, for example 20/10s".formatted(text));
		}
		return new RateLimit(Integer.parseInt(matcher.group(1)),
				DurationStyle.SIMPLE.parse(matcher.group(2).replaceAll("\\s", "")));
	}

	/** In which time it lets each of so many jobs be asked for once. */
	public Duration round(long jobs) {
		return this.period.multipliedBy(jobs).dividedBy(this.requests);
	}

	@Override
	public String toString() {
		ChronoUnit unit = this.period.equals(this.period.truncatedTo(ChronoUnit.SECONDS)) ? ChronoUnit.SECONDS
				: ChronoUnit.MILLIS;
		return this.requests + "/" + DurationStyle.SIMPLE.print(this.period, unit);
	}

}
