package io.vedette.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vedette.delivery.Attempt.Outcome;

import org.springframework.stereotype.Component;

/** Counts this node's attempts to deliver, a target at a time. */
@Component
class DeliveryMeters {

	private static final Duration[] LATENCIES = LongStream
		.of(50, 100, 250, 500, 1000, 5000, 30_000, 300_000, 3_600_000, 86_400_000)
		.mapToObj(Duration::ofMillis)
		.toArray(Duration[]::new);

	private final Map<String, TargetMeters> targets = new ConcurrentHashMap<>();

	private final MeterRegistry registry;

	private final Clock clock;

	DeliveryMeters(MeterRegistry registry, Clock clock) {
		this.registry = registry;
		this.clock = clock;
	}

	/** Attempts have been made. */
	void attempted(List<Attempt> batch) {
		batch.forEach(this::attempted);
	}

	private void attempted(Attempt attempt) {
		Delivery delivery = attempt.delivery();
		TargetMeters meters = this.targets.computeIfAbsent(delivery.target(),
				(name) -> new TargetMeters(this.registry, name));
		meters.attempts.get(attempt.outcome()).increment();
		boolean accepted = (attempt.outcome() == Outcome.ARRIVED) ? !delivery.awaitsPicture()
				: attempt.outcome() == Outcome.PICTURE;
		if (accepted && !delivery.replayed() && delivery.storedAt() != null) {
			meters.latency.record(Duration.between(delivery.storedAt(), this.clock.instant()));
		}
	}

	/** Those of one target. */
	private static final class TargetMeters {

		private final Map<Outcome, Counter> attempts = new EnumMap<>(Outcome.class);

		private final Timer latency;

		TargetMeters(MeterRegistry registry, String target) {
			for (Outcome outcome : Outcome.values()) {
				this.attempts.put(outcome,
						Counter.builder("vedette.deliveries")
							.description("Attempts to deliver, and those that went back untried")
							.tags("target", target, "outcome", outcome.label())
							.register(registry));
			}
			this.latency = Timer.builder("vedette.delivery.latency")
				.description("From an event that is stored to the target that has it, replays left out")
				.tag("target", target)
				.serviceLevelObjectives(LATENCIES)
				.register(registry);
		}

	}

}
