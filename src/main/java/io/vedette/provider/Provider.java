package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

import io.vedette.config.VedetteProperties;
import io.vedette.node.Node;
import io.vedette.schedule.Finishes;
import io.vedette.schedule.LearnedKinds;
import io.vedette.schedule.LearnedSchedule;
import io.vedette.schedule.PollSchedule;

/**
 * A provider that jobs may name: its settings, its schedules and its accounts.
 */
public final class Provider {

	private final String name;

	private final VedetteProperties.Provider settings;

	private final Node node;

	private final Map<String, Account> byName = new ConcurrentHashMap<>();

	/** The default one first. */
	private volatile List<Account> accounts = List.of();

	private volatile boolean held;

	private final PollSchedule schedule;

	/** Null as long as too few jobs have finished. */
	private volatile LearnedKinds learned;

	Provider(String name, VedetteProperties.Provider settings, Node node) {
		this.name = name;
		this.settings = settings;
		this.schedule = switch (settings.polling()) {
			case FIXED -> PollSchedule.fixed(settings.minDelay());
			case BACKOFF -> PollSchedule.backoff(settings.minDelay(), settings.maxDelay());
			case LEARNED -> PollSchedule.unlearned(settings.minDelay(), settings.maxDelay());
		};
		this.node = node;
		configure(settings, Instant.MIN);
	}

	/**
	 * Has its accounts be as these settings say; all else stays as it was at the start.
	 * @return what has changed
	 */
	synchronized List<AccountChange> configure(VedetteProperties.Provider wanted, Instant now) {
		Map<String, VedetteProperties.Account> all = wanted.allAccounts();
		all.keySet().forEach(this::account);
		List<AccountChange> changes = new ArrayList<>();
		for (Account account : this.accounts) {
			VedetteProperties.Account before = account.settings();
			VedetteProperties.Account after = all.get(account.name().name());
			if (!Objects.equals(before, after)) {
				account.configure(after, now);
				changes.add(new AccountChange(account.name(), kind(before, after)));
			}
		}
		return changes;
	}

	private static AccountChange.Kind kind(VedetteProperties.Account before, VedetteProperties.Account after) {
		if (before == null) {
			return AccountChange.Kind.ADDED;
		}
		return (after == null) ? AccountChange.Kind.REMOVED : AccountChange.Kind.CHANGED;
	}

	public String name() {
		return this.name;
	}

	public VedetteProperties.Provider settings() {
		return this.settings;
	}

	/** Names of the accounts that are configured, {@code default} first. */
	public List<String> accountNames() {
		return this.accounts.stream().filter(Account::isConfigured).map((account) -> account.name().name()).toList();
	}

	/**
	 * All accounts that are or were configured, or of which a job is known,
	 * {@code default} first.
	 */
	public List<Account> accounts() {
		return this.accounts;
	}

	/** The account of that name; one that is not configured lets nothing through. */
	public Account account(String account) {
		Account known = this.byName.get(account);
		return (known != null) ? known : create(account);
	}

	private synchronized Account create(String account) {
		if (this.byName.containsKey(account)) {
			return this.byName.get(account);
		}
		Account created = new Account(new AccountName(this.name, account), this.settings, this.settings.rateLimit(),
				this.node);
		created.hold(this.held);
		this.accounts = Stream.concat(this.accounts.stream(), Stream.of(created))
			.sorted(Comparator.comparing((Account one) -> !one.name().isDefault())
				.thenComparing((one) -> one.name().name()))
			.toList();
		this.byName.put(account, created);
		return created;
	}

	/**
	 * When a job is asked for.
	 * @param kind the kind of job, empty where nobody told
	 */
	public PollSchedule schedule(String kind) {
		LearnedKinds known = this.learned;
		return (known != null) ? known.of(kind) : this.schedule;
	}

	/**
	 * What polling has learned, or empty: too few jobs have finished, or another mode.
	 */
	public Optional<LearnedKinds> learned() {
		return Optional.ofNullable(this.learned);
	}

	/** Whether the finished jobs are to teach the schedule. */
	public boolean learns() {
		return this.settings.polling() == VedetteProperties.Polling.LEARNED;
	}

	/**
	 * Derives the schedules anew, if there is enough to learn from. They are the same for
	 * all accounts, for the one whose rate limit leaves its jobs the most: those of the
	 * others go by what their polls are worth.
	 * @param watching how many jobs of an account this node watches now
	 */
	public synchronized void learn(Finishes finishes, ToLongFunction<Account> watching) {
		Duration round = this.accounts.stream()
			.map((account) -> account.round(watching.applyAsLong(account)))
			.filter((one) -> !one.isZero())
			.min(Comparator.naturalOrder())
			.orElse(Duration.ZERO);
		this.learned = LearnedKinds.learn(finishes, new LearnedSchedule.Goals(this.settings.targetLag(),
				this.settings.minDelay(), this.settings.maxDelay(), round), this.learned);
	}

	/**
	 * Has all its jobs wait, or those of some accounts, for as long as an operator wants
	 * it.
	 * @param account whether an account alone is to wait
	 */
	public void hold(boolean wanted, Predicate<AccountName> account) {
		this.held = wanted;
		this.accounts.forEach((one) -> one.hold(wanted || account.test(one.name())));
	}

}
