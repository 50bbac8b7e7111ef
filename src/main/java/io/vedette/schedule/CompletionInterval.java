package io.vedette.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a job finished, as well as polls can tell: after the age at which it was last seen
 * pending, and by the age at which it was seen finished.
 *
 * @param after seconds, zero or more
 * @param by seconds, more than {@code after}
 */
public record CompletionInterval(double after, double by) {

	private static final double SHORTEST = 0.001;

	/**
	 * Reads what a job's row has.
	 * @param pendingAt when it was last seen pending, or null if the first answer was
	 * terminal
	 * @return empty if the clock was turned back meanwhile: such a row tells nothing
	 */
	public static Optional<CompletionInterval> of(Instant registeredAt, Instant pendingAt, Instant finishedAt) {
		double by = seconds(Duration.between(registeredAt, finishedAt));
		if (by < 0) {
			return Optional.empty();
		}
		double after = (pendingAt != null) ? seconds(Duration.between(registeredAt, pendingAt)) : 0;
		double last = Math.max(by, SHORTEST);
		return Optional.of(new CompletionInterval(Math.max(0, Math.min(after, last - SHORTEST)), last));
	}

	private static double seconds(Duration duration) {
		return duration.toNanos() / 1e9;
	}

}
