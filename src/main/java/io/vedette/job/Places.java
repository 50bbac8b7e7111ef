package io.vedette.job;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.vedette.config.VedetteProperties;
import io.vedette.provider.Account;
import io.vedette.provider.AccountName;
import io.vedette.provider.Provider;
import io.vedette.provider.Caller;
import io.vedette.provider.Providers;

import org.springframework.stereotype.Component;

/**
 * How many jobs this node watches at a time. Each provider has a part of the places to
 * itself, all together half of them, in equal parts; of that each of its accounts has an
 * equal part. The other half goes to whichever needs it first. So the backlog of one, or
 * its pause, keeps nobody else's jobs out.
 */
@Component
class Places {

	private final Providers providers;

	private final int max;

	private final Map<AccountName, Integer> taken = new HashMap<>();

	/** How many of them are for which caller's jobs, by account. */
	private final Map<AccountName, Map<Caller, Integer>> callers = new HashMap<>();

	/** Accounts of which jobs wait: what is handed in now stands behind them. */
	private final Set<AccountName> behind = new HashSet<>();

	Places(Providers providers, VedetteProperties properties) {
		this.providers = providers;
		this.max = properties.watching().most();
	}

	/** How many there are. */
	int max() {
		return this.max;
	}

	/** How many jobs of an account have one. */
	synchronized int taken(AccountName account) {
		return this.taken.getOrDefault(account, 0);
	}

	/**
	 * Takes places for jobs that were handed in just now.
	 * @param wanted for how many
	 * @return how many there were: none while older jobs of the account wait for one
	 */
	synchronized int takeForNew(AccountName account, int wanted) {
		int granted = this.behind.contains(account) ? 0 : take(account, wanted);
		if (granted < wanted) {
			this.behind.add(account);
		}
		return granted;
	}

	/**
	 * Takes places for jobs that have waited for one.
	 * @param wanted for how many
	 * @param more whether still more wait
	 * @return how many there were
	 */
	synchronized int takeForOld(AccountName account, int wanted, boolean more) {
		int granted = take(account, wanted);
		if (more || granted < wanted) {
			this.behind.add(account);
		}
		else {
			this.behind.remove(account);
		}
		return granted;
	}

	private int take(AccountName account, int wanted) {
		int granted = Math.max(0, Math.min(wanted, free(account)));
		this.taken.merge(account, granted, Integer::sum);
		return granted;
	}

	/** How many an account may have yet. */
	synchronized int free(AccountName account) {
		List<String> names = this.providers.names();
		int others = names.stream()
			.mapToInt((name) -> takenOrKept(this.providers.get(name), this.max / (2 * names.size()), account))
			.sum();
		return this.max - taken(account) - others;
	}

	/**
	 * How many the accounts of a provider have or may have at any time.
	 * @param own how many the provider has to itself
	 * @param except which one is not counted
	 */
	private int takenOrKept(Provider provider, int own, AccountName except) {
		List<Account> accounts = provider.accounts();
		int kept = Math.max(1, own / provider.accountNames().size());
		return accounts.stream()
			.filter((account) -> !account.name().equals(except))
			.mapToInt((account) -> Math.max(account.isConfigured() ? kept : 0, taken(account.name())))
			.sum();
	}

	/** Gives places back. */
	synchronized void giveBack(AccountName account, int count) {
		this.taken.merge(account, -count, Integer::sum);
	}

	/** A job is watched. */
	synchronized void begun(Job job) {
		this.callers.computeIfAbsent(job.accountName(), (account) -> new HashMap<>())
			.merge(job.caller(), 1, Integer::sum);
	}

	/** A job is watched no more. */
	synchronized void ended(Job job) {
		this.callers.get(job.accountName())
			.computeIfPresent(job.caller(), (caller, jobs) -> (jobs > 1) ? jobs - 1 : null);
	}

	/** How many jobs of each caller are watched with an account's key. */
	synchronized Map<Caller, Integer> callers(AccountName account) {
		return Map.copyOf(this.callers.getOrDefault(account, Map.of()));
	}

}
