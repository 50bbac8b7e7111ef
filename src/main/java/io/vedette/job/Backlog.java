package io.vedette.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
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

/** The jobs that wait, as rows, until a node has a place for them. */
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

	private final Map<AccountName, Long> counted = new ConcurrentHashMap<>();

	private final Map<AccountName, Instant> warnedAt = new HashMap<>();

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
		for (Account one : this.providers.accounts()) {
			AccountName account = one.name();
			long now = this.jobs.waiting(account);
			Long before = this.counted.put(account, now);
			if (now > 0 && before != null && now <= GROWN * before && mayWarn(account)) {
				RateLimit limit = one.rateLimit();
				logger.warn(String.format(Locale.ROOT,
						"%s: %,d jobs wait, at %s the last is asked in %s. This node watches %,d of %,d (vedette.watching.max).",
						account, now, limit, text(limit.round(now)), this.places.taken(account), this.places.max()));
			}
		}
	}

	private boolean mayWarn(AccountName account) {
		Instant now = this.clock.instant();
		Instant last = this.warnedAt.get(account);
		if (last != null && now.isBefore(last.plus(SILENCE))) {
			return false;
		}
		this.warnedAt.put(account, now);
		return true;
	}

	/**
	 * How many jobs of each account of a provider wait, of those only of which any does:
	 * if they are many, as of the last count.
	 */
	public Map<AccountName, Long> waiting(Provider provider) {
		return this.jobs.waitingAccounts(provider.name())
			.stream()
			.collect(Collectors.toMap(Function.identity(), this::waiting));
	}

	private long waiting(AccountName account) {
		long few = this.jobs.waiting(account, FEW);
		return (few < FEW) ? few : Math.max(few, this.counted.getOrDefault(account, few));
	}

	private static String text(Duration time) {
		double seconds = time.toMillis() / 1000.0;
		if (seconds >= 86_400) {
			return String.format(Locale.ROOT, "%.1f days", seconds / 86_400);
		}
		return (seconds >= 3600) ? String.format(Locale.ROOT, "%.1f hours", seconds / 3600)
				: String.format(Locale.ROOT, "%.0f s", seconds);
	}

}
