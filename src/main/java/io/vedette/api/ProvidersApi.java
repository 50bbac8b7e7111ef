package io.vedette.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vedette.job.Backlog;
import io.vedette.job.JobStatus;
import io.vedette.job.MediaKind;
import io.vedette.job.Watchman;
import io.vedette.provider.Account;
import io.vedette.provider.AccountName;
import io.vedette.provider.Pause;
import io.vedette.provider.Provider;
import io.vedette.provider.Providers;
import io.vedette.provider.Reason;
import io.vedette.schedule.LearnedKinds;
import io.vedette.schedule.LearnedSchedule;
import io.vedette.schedule.PollSchedule;
import io.vedette.schedule.SteadyClock;
import jakarta.annotation.Nullable;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What {@code GET /providers} answers: how this node asks each provider now. */
@RestController
public class ProvidersApi {

	private static final int MOST_AGES = 20;

	/** In per cent. */
	private static final List<Integer> QUANTILES = List.of(5, 25, 50, 75, 95, 99);

	/** No job is of that kind: what is learned of all is shown. */
	private static final String OTHER_KIND = "other";

	private final Providers providers;

	private final Watchman watchman;

	private final Backlog backlog;

	private final Clock clock;

	private final SteadyClock steady;

	ProvidersApi(Providers providers, Watchman watchman, Backlog backlog, Clock clock, SteadyClock steady) {
		this.providers = providers;
		this.watchman = watchman;
		this.backlog = backlog;
		this.clock = clock;
		this.steady = steady;
	}

	/** Lists the providers by name. */
	@GetMapping("/providers")
	public ProvidersView list() {
		return new ProvidersView(this.providers.names().stream().map(this.providers::get).map(this::view).toList());
	}

	private ProviderView view(Provider provider) {
		Map<AccountName, Long> backlog = this.backlog.waiting(provider, JobStatus.WATCHING);
		Map<AccountName, Long> submitting = this.backlog.waiting(provider, JobStatus.SUBMITTING);
		Stream.of(backlog, submitting).flatMap((waiting) -> waiting.keySet().stream()).forEach(this.providers::get);
		List<AccountView> accounts = provider.accounts()
			.stream()
			.map((account) -> view(account, backlog.getOrDefault(account.name(), 0L),
					submitting.getOrDefault(account.name(), 0L)))
			.filter((account) -> account.configured() || account.watching() > 0 || account.backlog() != null
					|| account.submitting() > 0)
			.toList();
		AccountView first = accounts.get(0);
		return new ProviderView(provider.name(), provider.settings().polling().name().toLowerCase(Locale.ROOT),
				first.rateLimit(), accounts.stream().mapToDouble(AccountView::share).sum(),
				accounts.stream().mapToInt(AccountView::used).sum(), this.watchman.watching(provider),
				accounts.stream().mapToInt(AccountView::waiting).sum(), all(accounts),
				accounts.stream().mapToLong(AccountView::submitting).sum(), first.pause(),
				new ScheduleView(ages(provider.schedule(OTHER_KIND), provider.settings().maxWait())),
				provider.learned().map(LearnedKinds::whole).map(ProvidersApi::view).orElse(null), kinds(provider),
				accounts);
	}

	private static List<KindView> kinds(Provider provider) {
		return provider.learned()
			.stream()
			.flatMap((learned) -> learned.kinds().entrySet().stream())
			.map((kind) -> new KindView(MediaKind.labelled(kind.getKey()).orElse(null),
					ages(kind.getValue(), provider.settings().maxWait()), view(kind.getValue())))
			.toList();
	}

	private AccountView view(Account account, long backlog, long submitting) {
		Instant now = this.steady.instant();
		return new AccountView(account.name().name(), account.isConfigured(), account.hasKey(),
				account.rateLimit().toString(), account.maxInFlight(), account.allowed(now), account.used(now),
				this.watchman.watching(account), account.waiting(),
				(backlog > 0) ? new BacklogView(backlog, seconds(account.rateLimit().round(backlog))) : null,
				submitting, account.isHeld() ? new PauseView("operator", null, null)
						: account.pause(now).map((pause) -> view(pause, now)).orElse(null));
	}

	/** What waits of all accounts; they are asked side by side. */
	private static BacklogView all(List<AccountView> accounts) {
		return accounts.stream()
			.map(AccountView::backlog)
			.filter(Objects::nonNull)
			.reduce((one, other) -> new BacklogView(one.jobs() + other.jobs(),
					Math.max(one.lastAskedIn(), other.lastAskedIn())))
			.orElse(null);
	}

	private static LearnedView view(LearnedSchedule learned) {
		Map<String, Double> quantiles = new LinkedHashMap<>();
		QUANTILES.forEach((percent) -> quantiles.put("p" + percent, seconds(learned.quantile(percent / 100.0))));
		return new LearnedView(quantiles, learned.expectedPolls(), seconds(learned.expectedLag()));
	}

	private PauseView view(Pause pause, Instant now) {
		return new PauseView(pause.cause().label(), pause.reason(),
				this.clock.instant().plus(Duration.between(now, pause.until())));
	}

	private static List<Double> ages(PollSchedule schedule, Duration maxWait) {
		return Stream.iterate(schedule.nextAge(Duration.ZERO), (age) -> age.compareTo(maxWait) <= 0, schedule::nextAge)
			.limit(MOST_AGES)
			.map(ProvidersApi::seconds)
			.toList();
	}

	private static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

	/** All providers. */
	public record ProvidersView(List<ProviderView> providers) {
	}

	/**
	 * A provider as the API shows it: all its accounts together, and each of them.
	 *
	 * @param rateLimit that of the account default, as is the pause
	 * @param share requests a period that this node may send now
	 * @param used requests in the period that ends now
	 * @param watching jobs that this node watches
	 * @param waiting those of them that are due and wait for the rate limit
	 * @param backlog those that no node watches yet, or null
	 * @param submitting those that wait to be submitted, of all nodes
	 * @param schedule of jobs that are not of one of the kinds
	 * @param learned null as long as nothing is
	 * @param kinds those that are asked by a schedule of their own
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record ProviderView(String provider, String polling, String rateLimit, double share, int used, int watching,
			int waiting, @Nullable BacklogView backlog, long submitting, @Nullable PauseView pause,
			ScheduleView schedule, @Nullable LearnedView learned, List<KindView> kinds, List<AccountView> accounts) {
	}

	/**
	 * An account as the API shows it. Its key is not shown.
	 *
	 * @param configured false where jobs are left of one that is configured no longer:
	 * they wait
	 * @param keySet whether it has a key or a token
	 * @param maxInFlight submitted jobs that may be unfinished; 0 for any number
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record AccountView(String account, boolean configured, boolean keySet, String rateLimit, int maxInFlight,
			double share, int used, int watching, int waiting, @Nullable BacklogView backlog, long submitting,
			@Nullable PauseView pause) {
	}

	/**
	 * Jobs that wait until a node has a place for them.
	 *
	 * @param jobs how many
	 * @param lastAskedIn seconds in which the rate limit lets each of them be asked once
	 */
	public record BacklogView(long jobs, double lastAskedIn) {
	}

	/**
	 * Why a provider is not asked.
	 *
	 * @param cause refused, unavailable, throttled or operator
	 * @param reason what the provider said, or null
	 * @param until null where an operator has to resume it
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record PauseView(String cause, @Nullable Reason reason, @Nullable Instant until) {
	}

	/**
	 * When a job is asked for.
	 *
	 * @param ages the first ages, in seconds
	 */
	public record ScheduleView(List<Double> ages) {
	}

	/**
	 * When jobs of a kind are asked for.
	 *
	 * @param mediaKind null for jobs of which nobody told
	 * @param ages the first ages, in seconds
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	record KindView(@Nullable MediaKind mediaKind, List<Double> ages, LearnedView learned) {
	}

	/**
	 * What the finished jobs have taught.
	 *
	 * @param quantiles seconds within which that share of the jobs finishes
	 * @param expectedPolls polls a job, on average
	 * @param expectedLag seconds from finished to noticed, on average
	 */
	public record LearnedView(Map<String, Double> quantiles, double expectedPolls, double expectedLag) {
	}

}
