package io.vedette.job;

import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vedette.provider.AccountName;

/** {@code vedette.jobs}: how many jobs of an account have a status at this node. */
public final class JobGauge {

	private JobGauge() {
	}

	/**
	 * Shows how many they are.
	 * @param of what the number is read from; as long as it lives, the gauge shows it
	 */
	public static <T> void register(MeterRegistry registry, AccountName account, JobStatus status, T of,
			ToDoubleFunction<T> count) {
		Gauge.builder("vedette.jobs", of, count)
			.description("Jobs that this node watches now, and that it has ended since it started")
			.tags("provider", account.provider(), "account", account.name(), "status", status.name())
			.register(registry);
	}

}
