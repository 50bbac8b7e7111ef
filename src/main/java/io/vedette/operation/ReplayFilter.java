package io.vedette.operation;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vedette.delivery.DeliveryStatus;
import jakarta.annotation.Nullable;

/**
 * Which deliveries are sent again; what is null is not asked for.
 *
 * @param status dead or delivered ones
 * @param type of their events
 * @param since settled from this moment on
 * @param until settled before this moment
 */
public record ReplayFilter(DeliveryStatus status, @Nullable String target, @Nullable String provider,
		@Nullable String type, @Nullable Instant since, @Nullable Instant until) {

	/** As a person reads it. */
	@Override
	public String toString() {
		return Stream
			.of("status=" + this.status.name().toLowerCase(Locale.ROOT), text("target", this.target),
					text("provider", this.provider), text("type", this.type), text("since", this.since),
					text("until", this.until))
			.filter(Objects::nonNull)
			.collect(Collectors.joining(" "));
	}

	private static String text(String name, Object value) {
		return (value != null) ? name + "=" + value : null;
	}

}
