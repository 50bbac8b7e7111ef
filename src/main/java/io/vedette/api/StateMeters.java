package io.vedette.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vedette.delivery.TargetStates;
import io.vedette.delivery.TargetStates.TargetState;
import io.vedette.delivery.Targets;
import io.vedette.job.JobGauge;
import io.vedette.job.JobStatus;
import io.vedette.job.Watchman;
import io.vedette.node.Node;
import io.vedette.provider.Account;
import io.vedette.provider.AccountsReloaded;
import io.vedette.provider.AnswerClass;
import io.vedette.provider.Pause;
import io.vedette.provider.Providers;
import io.vedette.schedule.SteadyClock;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Shows how things are now: read when somebody asks for the metrics, and what the
 * database has to be asked for no more often than {@link Recent} says.
 */
@Component
class StateMeters {

	private static final List<AnswerClass> CAUSES = List.of(AnswerClass.REFUSED, AnswerClass.UNAVAILABLE,
			AnswerClass.THROTTLED);

	private static final String PAUSE = "1 while the provider is not asked, for that cause";

	private final MeterRegistry registry;

	private final Providers providers;

	private final Watchman watchman;

	private final Targets targets;

	private final Recent<Map<String, TargetState>> targetStates;

	private final Recent<Map<Node.State, Long>> nodes;

	private final Clock clock;

	private final SteadyClock steady;

	StateMeters(MeterRegistry registry, Providers providers, Watchman watchman, Targets targets, TargetStates states,
			Node node, Clock clock, SteadyClock steady) {
		this.registry = registry;
		this.providers = providers;
		this.watchman = watchman;
		this.targets = targets;
		this.targetStates = new Recent<>(() -> byName(states), steady);
		this.nodes = new Recent<>(node::count, steady);
		this.clock = clock;
		this.steady = steady;
	}

	private static Map<String, TargetState> byName(TargetStates states) {
		return states.all().stream().collect(Collectors.toMap(TargetState::target, Function.identity()));
	}

	/** By then all providers and targets are known. */
	@EventListener(ApplicationReadyEvent.class)
	void register() {
		this.providers.accounts().forEach(this::register);
		this.targets.names().forEach(this::registerTarget);
		for (Node.State state : Node.State.values()) {
			gauge("vedette.nodes", "Rows of nodes", this.nodes,
					(nodes) -> nodes.get()
						.map((count) -> count.getOrDefault(state, 0L).doubleValue())
						.orElse(Double.NaN),
					"state", state.label());
		}
	}

	/** Those that were there are there already. */
	@EventListener
	void register(AccountsReloaded event) {
		this.providers.accounts().forEach(this::register);
	}

	private void register(Account account) {
		String provider = account.name().provider();
		String name = account.name().name();
		JobGauge.register(this.registry, account.name(), JobStatus.WATCHING, account, this.watchman::watching);
		gauge("vedette.rate.used", "Requests of this node in the period of the rate limit that ends now", account,
				(one) -> one.used(this.steady.instant()), "provider", provider, "account", name);
		gauge("vedette.rate.share", "Requests a period that this node may send now", account,
				(one) -> one.allowed(this.steady.instant()), "provider", provider, "account", name);
		CAUSES.forEach((cause) -> gauge("vedette.pause", PAUSE, account, (one) -> isPaused(one, cause) ? 1 : 0,
				"provider", provider, "account", name, "cause", cause.label()));
		gauge("vedette.pause", PAUSE, account, (one) -> one.isHeld() ? 1 : 0, "provider", provider, "account", name,
				"cause", "operator");
	}

	private boolean isPaused(Account account, AnswerClass cause) {
		return account.pause(this.steady.instant()).map(Pause::cause).filter(cause::equals).isPresent();
	}

	private void registerTarget(String target) {
		targetGauge("vedette.dead", "Dead letters, counted up to 10,000", target, TargetState::dead);
		targetGauge("vedette.oldest.due.seconds", "For how long the oldest delivery that has not ended is due", target,
				(state) -> overdue(state.oldestDueAt()));
	}

	private double overdue(Instant dueAt) {
		return (dueAt != null) ? Math.max(0, Duration.between(dueAt, this.clock.instant()).toMillis() / 1000.0) : 0;
	}

	private void targetGauge(String name, String description, String target, ToDoubleFunction<TargetState> value) {
		gauge(name, description, this.targetStates,
				(states) -> states.get().map((all) -> value.applyAsDouble(all.get(target))).orElse(Double.NaN),
				"target", target);
	}

	private <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value, String... tags) {
		Gauge.builder(name, of, value).description(description).tags(tags).register(this.registry);
	}

}
