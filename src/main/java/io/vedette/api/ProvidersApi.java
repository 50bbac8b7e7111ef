package io.vedette.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vedette.job.Watchman;
import io.vedette.provider.Pause;
import io.vedette.provider.Provider;
import io.vedette.provider.Providers;
import io.vedette.provider.Reason;
import io.vedette.schedule.LearnedSchedule;
import io.vedette.schedule.PollSchedule;
import io.vedette.schedule.SteadyClock;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What {@code GET /providers} answers: how this node asks each provider now. */
@RestController
class ProvidersApi {

	private static final int MOST_AGES = 20;

	/** In per cent. */
	private static final List<Integer> QUANTILES = List.of(5, 25, 50, 75, 95, 99);

	private final Providers providers;

	private final Watchman watchman;

	private final Clock clock;

	private final SteadyClock steady;

	ProvidersApi(Providers providers, Watchman watchman, Clock clock, SteadyClock steady) {
		this.providers = providers;
		this.watchman = watchman;
		this.clock = clock;
		this.steady = steady;
	}

	/** Lists the providers by name. */
	@GetMapping("/providers")
	ProvidersView list() {
		return new ProvidersView(this.providers.names().stream().map(this.providers::get).map(this::view).toList());
	}

	private ProviderView view(Provider provider) {
		Instant now = this.steady.instant();
		return new ProviderView(provider.name(), provider.settings().polling().name().toLowerCase(Locale.ROOT),
				provider.settings().rateLimit().toString(), provider.allowed(now), provider.used(now),
				this.watchman.watching(provider), provider.waiting(),
				provider.pause(now).map((pause) -> view(pause, now)).orElse(null),
				new ScheduleView(ages(provider.schedule(), provider.settings().maxWait())),
				provider.learned().map(ProvidersApi::view).orElse(null));
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
	record ProvidersView(List<ProviderView> providers) {
	}

	/**
	 * A provider as the API shows it.
	 *
	 * @param share requests a period that this node may send now
	 * @param used requests in the period that ends now
	 * @param watching jobs that this node watches
	 * @param waiting those of them that are due and wait for the rate limit
	 * @param learned null as long as nothing is
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	record ProviderView(String provider, String polling, String rateLimit, double share, int used, long watching,
			int waiting, PauseView pause, ScheduleView schedule, LearnedView learned) {
	}

	/**
	 * Why a provider is not asked.
	 *
	 * @param cause refused, unavailable or throttled
	 * @param reason what the provider said, or null
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	record PauseView(String cause, Reason reason, Instant until) {
	}

	/**
	 * When a job is asked for.
	 *
	 * @param ages the first ages, in seconds
	 */
	record ScheduleView(List<Double> ages) {
	}

	/**
	 * What the finished jobs have taught.
	 *
	 * @param quantiles seconds within which that share of the jobs finishes
	 * @param expectedPolls polls a job, on average
	 * @param expectedLag seconds from finished to noticed, on average
	 */
	record LearnedView(Map<String, Double> quantiles, double expectedPolls, double expectedLag) {
	}

}
