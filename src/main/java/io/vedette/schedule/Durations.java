package io.vedette.schedule;

import java.time.Duration;

/** Which of two durations is the shorter one, and which the longer. */
public final class Durations {

	private Durations() {
	}

	public static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	public static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) > 0) ? one : other;
	}

}
