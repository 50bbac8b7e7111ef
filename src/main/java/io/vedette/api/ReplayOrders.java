package io.vedette.api;

import java.time.Duration;
import java.util.List;

import io.vedette.delivery.DeliveryStatus;
import io.vedette.delivery.DeliveryStore;
import io.vedette.delivery.DeliveryStore.TimeRange;
import io.vedette.delivery.Event;
import io.vedette.delivery.Targets;
import io.vedette.operation.Audit;
import io.vedette.operation.Audit.Act;
import io.vedette.operation.ReplayFilter;
import io.vedette.operation.Replays;
import io.vedette.operation.Replays.Replay;
import io.vedette.provider.Providers;
import io.vedette.schedule.RateLimit;

import org.springframework.stereotype.Component;

/**
 * What an operator has delivered again, whether by REST or by the page; each order is a
 * row of the audit.
 */
@Component
public class ReplayOrders {

	/** Deliveries that one order can name. */
	public static final int MOST = 1000;

	/** What waits is sent anyway. */
	private static final DeliveryStatus[] REPLAYED = { DeliveryStatus.DEAD, DeliveryStatus.DELIVERED };

	private static final RateLimit USUAL = new RateLimit(50, Duration.ofSeconds(1));

	private final DeliveryStore deliveries;

	private final Targets targets;

	private final Providers providers;

	private final Replays replays;

	private final Audit audit;

	ReplayOrders(DeliveryStore deliveries, Targets targets, Providers providers, Replays replays, Audit audit) {
		this.deliveries = deliveries;
		this.targets = targets;
		this.providers = providers;
		this.replays = replays;
		this.audit = audit;
	}

	/**
	 * Which deliveries, as a caller says it; what is null is not asked for.
	 * @param status dead, the usual one, or delivered
	 * @param since as ISO 8601 has it, as is until
	 */
	public ReplayFilter filter(String status, String target, String provider, String type, String since, String until) {
		String known = Page.choice("status", status, REPLAYED);
		check("provider", provider, this.providers.names());
		check("type", type, Event.TYPES);
		if (target != null && !this.targets.names().contains(target)) {
			throw Problems.badRequest("target: not configured; expected one of %s.".formatted(this.targets.names()));
		}
		return new ReplayFilter((known != null) ? DeliveryStatus.valueOf(known) : DeliveryStatus.DEAD, target, provider,
				type, Page.moment("since", since), Page.moment("until", until));
	}

	private static void check(String name, String value, List<String> known) {
		if (value != null) {
			KnownNames.check(name, List.of(value), known);
		}
	}

	/** How many in which time, as in 50/1s; null for the usual rate. */
	public RateLimit rate(String text) {
		try {
			return (text != null) ? RateLimit.of(text) : USUAL;
		}
		catch (IllegalArgumentException ex) {
			throw Problems.badRequest("rate: no rate; expected <deliveries>/<time>, for example 50/1s.");
		}
	}

	/** How many match now. */
	public long count(ReplayFilter filter) {
		return this.replays.count(filter);
	}

	/** The same for what {@link #atOnce} makes due again. */
	long countAtOnce(ReplayFilter filter) {
		return count(filter) + this.replays.countIncomplete(new ReplayFilter(DeliveryStatus.DELIVERED, filter.target(),
				null, null, filter.since(), filter.until()));
	}

	/**
	 * Makes these due again, at once.
	 * @return how many they were
	 */
	public int named(List<Long> ids) {
		if (ids.isEmpty() || ids.size() > MOST) {
			throw Problems
				.badRequest("ids: expected an array of 1 to %d ids, as GET /deliveries shows them.".formatted(MOST));
		}
		int count = this.deliveries.replay(ids);
		ordered("ids=" + ids.toString().replace(" ", ""), count);
		return count;
	}

	/**
	 * Makes all due again at once that are dead, or have arrived without their picture.
	 */
	Replay atOnce(ReplayFilter filter) {
		int count = this.deliveries.replay(filter.target(), new TimeRange(filter.since(), filter.until()));
		Replay replay = this.replays.done(filter, count, Caller.current());
		ordered(filter.toString(), count);
		return replay;
	}

	private void ordered(String what, int count) {
		this.audit.add(Caller.current(), Act.REPLAY, what, count);
		this.targets.probe();
	}

	/** Begins to make all that match due again, in the background. */
	public Replay begin(ReplayFilter filter, RateLimit rate) {
		Replay replay = this.replays.begin(filter, rate, Caller.current());
		this.audit.add(Caller.current(), Act.REPLAY, "replay " + replay.id() + " " + filter, replay.matching());
		return replay;
	}

}
