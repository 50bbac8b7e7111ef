package io.vedette.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vedette.provider.AccountName;
import io.vedette.provider.AnswerClass;

import org.springframework.stereotype.Component;

/**
 * Counts what this node's polls brought and how its jobs ended, an account at a time.
 */
@Component
class JobMeters {

	private static final Duration[] DURATIONS = millis(50, 100, 250, 500, 1000, 2500, 5000, 10_000, 20_000);

	private static final Duration[] LAGS = millis(250, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000);

	private final Map<AccountName, AccountMeters> accounts = new ConcurrentHashMap<>();

	private final MeterRegistry registry;

	JobMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	/** A poll has been answered, and what it means for the job is known. */
	void heard(Watch watch, Instant now) {
		AccountMeters meters = of(watch);
		Duration took = Duration.between(watch.askedAt(), now);
		meters.polls.get(watch.getAnswer().type()).increment();
		meters.duration.record(took);
		if (watch.getOutcome() == Outcome.SUCCEEDED || watch.getOutcome() == Outcome.FAILED) {
			meters.leastLag.record(took);
			meters.mostLag.record(watch.mostLag(now));
		}
	}

	/** The outcome of a watch is stored. */
	void settled(Watch watch) {
		of(watch).ended.get(JobStatus.valueOf(watch.getOutcome().name())).incrementAndGet();
	}

	private AccountMeters of(Watch watch) {
		return this.accounts.computeIfAbsent(watch.account().name(), (name) -> new AccountMeters(this.registry, name));
	}

	private static Duration[] millis(long... values) {
		return Arrays.stream(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
	}

	/** Those of one account: a poll looks none of them up by its name. */
	private static final class AccountMeters {

		private final Map<AnswerClass, Counter> polls = new EnumMap<>(AnswerClass.class);

		private final Map<JobStatus, AtomicLong> ended = new EnumMap<>(JobStatus.class);

		private final Timer duration;

		private final Timer leastLag;

		private final Timer mostLag;

		AccountMeters(MeterRegistry registry, AccountName account) {
			for (AnswerClass answer : AnswerClass.values()) {
				this.polls.put(answer,
						Counter.builder("vedette.polls")
							.description("Polls that were answered")
							.tags("provider", account.provider(), "account", account.name(), "answer", answer.label())
							.register(registry));
			}
			this.duration = Timer.builder("vedette.poll.duration")
				.description("From a poll to its answer")
				.tag("provider", account.provider())
				.serviceLevelObjectives(DURATIONS)
				.register(registry);
			this.leastLag = lag(registry, account, "lower");
			this.mostLag = lag(registry, account, "upper");
			for (JobStatus status : JobStatus.values()) {
				if (status.isOutcome()) {
					this.ended.put(status, ended(registry, account, status));
				}
			}
		}

		private static Timer lag(MeterRegistry registry, AccountName account, String bound) {
			return Timer.builder("vedette.lag")
				.description("From finished to noticed: it is between the bounds")
				.tags("provider", account.provider(), "account", account.name(), "bound", bound)
				.serviceLevelObjectives(LAGS)
				.register(registry);
		}

		private static AtomicLong ended(MeterRegistry registry, AccountName account, JobStatus status) {
			AtomicLong count = new AtomicLong();
			JobGauge.register(registry, account, status, count, AtomicLong::get);
			return count;
		}

	}

}
