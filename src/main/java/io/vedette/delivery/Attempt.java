package io.vedette.delivery;

import java.time.Duration;
import java.util.Locale;

/**
 * How an attempt to deliver ended.
 *
 * @param delivery what was attempted
 * @param outcome decides what becomes of it
 * @param reason why it failed, or what is missing although it arrived; or null
 * @param retryAfter how long the delivery is left alone from now on; zero if it has ended
 */
public record Attempt(Delivery delivery, Outcome outcome, String reason, Duration retryAfter) {

	Attempt(Delivery delivery, Outcome outcome, String reason) {
		this(delivery, outcome, reason, Duration.ZERO);
	}

	/** What {@code write-deliveries} routes on. */
	public enum Outcome {

		/** The target has the event, and its picture if one was to come. */
		ARRIVED,
		/** The target has the event; the picture behind it is next. */
		PICTURE,
		/** It failed and is tried again. */
		AGAIN,
		/** It failed and is not tried again. */
		DEAD,
		/** It was not made, or only this node's stop broke it off. */
		HANDED_BACK;

		/** As metrics and traces name it. */
		String label() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
