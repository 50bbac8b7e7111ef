package io.vedette.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.vedette.provider.Account;
import io.vedette.provider.AccountName;
import io.vedette.provider.Provider;
import io.vedette.provider.Providers;
import io.vedette.schedule.RateLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * The jobs that wait as rows: {@code WATCHING} until a node has a place for them,
 * {@code SUBMITTING} until they are sent.
 */
@Component("backlog")
public class Backlog {

	/** So many are counted whenever somebody asks. */
	private static final int FEW = 10_000;

	/** One that still grows faster between two counts is being handed in. */
	private static final double GROWN = 1.1;

	private static final Duration SILENCE = Duration.ofHours(1);

	private static final Logger logger = LoggerFactory.getLogger(Backlog.class);

	private final Providers providers;

	private final JobStore jobs;

	private final Places places;

	private final Clock clock;

	private final Map<Line, Long> counted = new ConcurrentHashMap<>();

	private final Map<Line, Instant> warnedAt = new HashMap<>();

	Backlog(Providers providers, JobStore jobs, Places places, Clock clock) {
		this.providers = providers;
		this.jobs = jobs;
		this.places = places;
		this.clock = clock;
	}

	/**
	 * Counts what waits, and says once an hour what that means: not before it is handed
	 * in, for until then the number is none.
	 */
	public void count() {
		for (Account account : this.providers.accounts()) {
			RateLimit limit = account.rateLimit();
			count(new Line(account.name(), JobStatus.WATCHING)).ifPresent((jobs) -> warn(
					"%s: %,d jobs wait, at %s the last is asked in %s. This node watches %,d of %,d (vedette.watching.max).",
					account.name(), jobs, limit, text(limit.round(jobs)), this.places.taken(account.name()),
					this.places.max()));
			count(new Line(account.name(), JobStatus.SUBMITTING)).ifPresent(
					(jobs) -> warn("%s: %,d jobs wait to be submitted, at %s the last is sent in %s at the earliest.",
							account.name(), jobs, limit, text(limit.round(jobs))));
		}
	}

	/** How many wait, if that is to be said now. */
	private Optional<Long> count(Line line) {
		long now = this.jobs.free(line.account(), line.status());
		Long before = this.counted.put(line, now);
		return (now > 0 && before != null && now <= GROWN * before && mayWarn(line)) ? Optional.of(now)
				: Optional.empty();
	}

	private static void warn(String format, Object... values) {
		logger.warn(String.format(Locale.ROOT, format, values));
	}

	private boolean mayWarn(Line line) {
		Instant now = this.clock.instant();
		Instant last = this.warnedAt.get(line);
		if (last != null && now.isBefore(last.plus(SILENCE))) {
			return false;
		}
		this.warnedAt.put(line, now);
		return true;
	}

	/**
	 * How many jobs of each account of a provider wait, of those only of which any does:
	 * if they are many, as of the last count.
	 */
	public Map<AccountName, Long> waiting(Provider provider, JobStatus status) {
		return this.jobs.freeAccounts(provider.name(), status)
			.stream()
			.collect(Collectors.toMap(Function.identity(), (account) -> waiting(new Line(account, status))));
	}

	private long waiting(Line line) {
		long few = this.jobs.free(line.account(), line.status(), FEW);
		return (few < FEW) ? few : Math.max(few, this.counted.getOrDefault(line, few));
	}

	private static String text(Duration time) {
		double seconds = time.toMillis() / 1000.0;
		if (seconds >= 86_400) {
			return String.format(Locale.ROOT, "%.1f days", seconds / 86_400);
		}
		return (seconds >= 3600) ? String.format(Locale.ROOT, "%.1f hours", seconds / 3600)
				: String.format(Locale.ROOT, "%.0f s", seconds);
	}

	/** The jobs of an account that wait for the same. */
	private record Line(AccountName account, JobStatus status) {
	}

}
