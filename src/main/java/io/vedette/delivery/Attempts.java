package io.vedette.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vedette.http.RetryAfter;
import io.vedette.job.Shift;
import io.vedette.node.Node;
import io.vedette.schedule.SteadyClock;
import org.apache.camel.Body;
import org.apache.camel.CamelException;
import org.apache.camel.ExchangeException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/** What becomes of a delivery after an attempt. */
@Component("attempts")
public class Attempts {

	private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

	/** Deliveries that failed together come back up to this share of their wait apart. */
	private static final double SPREAD = 0.1;

	private static final int LONGEST_REASON = 500;

	private static final Pattern URL_PATH = Pattern.compile("(https?://[^/\\s\"'@]+)[^\\s\"']*");

	private static final Logger logger = LoggerFactory.getLogger(Attempts.class);

	/** Rows of the deliveries that have been begun and not yet written down. */
	private final Set<Long> underWay = ConcurrentHashMap.newKeySet();

	private final DeliveryStore deliveries;

	private final Forgetting forgetting;

	private final Targets targets;

	private final Node node;

	private final Shift shift;

	private final Clock clock;

	private final SteadyClock steady;

	Attempts(DeliveryStore deliveries, Forgetting forgetting, Targets targets, Node node, Shift shift, Clock clock,
			SteadyClock steady) {
		this.deliveries = deliveries;
		this.forgetting = forgetting;
		this.targets = targets;
		this.node = node;
		this.shift = shift;
		this.clock = clock;
		this.steady = steady;
	}

	/**
	 * Whether another node may own a delivery by now. Then it is dropped here; what its
	 * row says is found out by {@link Ownership}.
	 */
	boolean isForeign() {
		return !this.node.holdsLease();
	}

	/** Whether the target is paused; if not, the attempt begins. */
	boolean mustWait(Delivery delivery) {
		boolean admitted = this.targets.gate(delivery.target()).admits(this.steady.instant());
		if (admitted) {
			this.underWay.add(delivery.id());
		}
		return !admitted;
	}

	/** Rows of the deliveries that this node knows of. */
	Set<Long> held() {
		return Stream.concat(this.targets.queued(), this.underWay.stream()).collect(Collectors.toSet());
	}

	/** That the target has it; {@code note} says what is missing all the same. */
	public Receipt receipt(@Variable("delivery") Delivery delivery, @Variable("note") String note) {
		answered(delivery);
		return new Receipt(delivery, note);
	}

	/** Writes down that the targets have these. */
	public void delivered(@Body List<Receipt> receipts) {
		int delivered = this.deliveries.delivered(receipts);
		receipts.forEach((receipt) -> this.underWay.remove(receipt.delivery().id()));
		if (delivered < receipts.size()) {
			receipts.forEach((receipt) -> this.forgetting.sweep(receipt.delivery()));
		}
	}

	/** Notes that the target is there, whether it wants the delivery or not. */
	public void answered(@Variable("delivery") Delivery delivery) {
		if (this.targets.gate(delivery.target()).answered()) {
			logger.warn("target {} works again: its deliveries go on", delivery.target());
		}
	}

	/**
	 * Gives a delivery back whose target is paused, and with it all that wait behind it.
	 * Those that a fault of the database keeps from being given back, {@link Ownership}
	 * finds.
	 */
	public void handBackAll(@Variable("delivery") Delivery delivery) {
		List<Long> ids = this.targets.drain(delivery.target());
		ids.add(delivery.id());
		this.deliveries.release(ids);
	}

	/** Whether the attempt failed while this node stops, and maybe only for that. */
	public boolean interrupted() {
		return this.shift.isOver();
	}

	/** Gives a delivery back as if it had not been tried. */
	public void handBack(@Variable("delivery") Delivery delivery) {
		this.deliveries.release(List.of(delivery.id()));
		this.underWay.remove(delivery.id());
	}

	/** Whether the attempt just made was the last one of the target's retry schedule. */
	public boolean exhausted(@Variable("delivery") Delivery delivery) {
		return delivery.attempts() >= this.targets.retry(delivery.target()).size();
	}

	/** Notes that the target could not take a delivery. */
	public void failed(@Variable("delivery") Delivery delivery, @Variable("reason") String reason,
			@Variable("retryAfter") String retryAfter) {
		Duration asked = RetryAfter.parse(retryAfter, this.clock.instant(), LONGEST_RETRY_AFTER);
		if (this.targets.gate(delivery.target()).failed(this.steady.instant(), asked)) {
			logger.warn(
					"target {} failed {} times in a row, at last: {}. Its deliveries wait, one at a time probes it.",
					delivery.target(), TargetGate.FAILURES, reason);
		}
	}

	/**
	 * Ends the deliveries that waited for a paused target as long as its whole retry
	 * schedule lasts.
	 * @param target name of a target
	 */
	public void expire(@Body String target) {
		Instant now = this.steady.instant();
		Instant moment = this.targets.gate(target).expired(this.targets.patience(target), now);
		int dead = (moment != null)
				? this.deliveries.expire(target, this.clock.instant().minus(Duration.between(moment, now))) : 0;
		if (dead > 0) {
			logger.warn(
					"target {}: {} deliveries expired while it was paused. Replay them with POST /deliveries/replay.",
					target, dead);
		}
	}

	/**
	 * Tries again after the next wait of the target's retry schedule, or later if the
	 * target asks for it.
	 */
	public void postpone(@Variable("delivery") Delivery delivery, @Variable("reason") String reason,
			@Variable("retryAfter") String retryAfter) {
		Instant now = this.clock.instant();
		Duration wait = this.targets.retry(delivery.target()).get(delivery.attempts());
		wait = wait.plusMillis((long) (wait.toMillis() * SPREAD * ThreadLocalRandom.current().nextDouble()));
		Duration asked = RetryAfter.parse(retryAfter, now, LONGEST_RETRY_AFTER);
		wait = (wait.compareTo(asked) < 0) ? asked : wait;
		if (!this.deliveries.postpone(delivery, now.plus(wait), reason)) {
			this.forgetting.sweep(delivery);
		}
		else if (delivery.attempts() == 0) {
			logger.warn("{}: {}; tried again in {} s", delivery, reason, wait.toSeconds());
		}
		this.underWay.remove(delivery.id());
	}

	/** Ends the delivery: it waits as a dead letter until somebody replays it. */
	public void dead(@Variable("delivery") Delivery delivery, @Variable("reason") String reason) {
		if (this.deliveries.dead(delivery, reason)) {
			logger.warn("{}: dead after {} attempts: {}. Replay it with POST /deliveries/replay.", delivery,
					delivery.attempts() + 1, reason);
		}
		else {
			this.forgetting.sweep(delivery);
		}
		this.underWay.remove(delivery.id());
	}

	/** Says why an attempt failed; of a URL no more than its host. */
	public String describe(@ExchangeException Exception exception) {
		Throwable cause = exception;
		while (cause.getCause() != null
				&& (cause instanceof CamelException || cause instanceof RuntimeCamelException)) {
			cause = cause.getCause();
		}
		logger.debug("attempt failed", exception);
		String message = (cause.getMessage() != null) ? URL_PATH.matcher(cause.getMessage()).replaceAll("$1") : "";
		return "%s: %s".formatted(cause.getClass().getSimpleName(),
				message.substring(0, Math.min(message.length(), LONGEST_REASON)));
	}

}
