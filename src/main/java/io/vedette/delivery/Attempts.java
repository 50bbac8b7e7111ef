package io.vedette.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vedette.delivery.Attempt.Outcome;
import io.vedette.job.NodeLifecycle;
import io.vedette.node.Node;
import io.vedette.schedule.Durations;
import io.vedette.schedule.SteadyClock;
import org.apache.camel.Body;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * What the routes of {@code deliver-to-target} ask: what is due, whether it may be
 * attempted, and how the attempt ended.
 */
@Component("attempts")
public class Attempts {

	/** Deliveries that failed together come back up to this share of their wait apart. */
	private static final double SPREAD = 0.1;

	private static final Logger logger = LoggerFactory.getLogger(Attempts.class);

	/** Deliveries that have been begun and not yet written down. */
	private final Map<Long, Delivery> underWay = new ConcurrentHashMap<>();

	private final DeliveryStore deliveries;

	private final HeldDeliveries held;

	private final EndedAttempts endedAttempts;

	private final Targets targets;

	private final Node node;

	private final NodeLifecycle lifecycle;

	private final OperatorEvents operators;

	private final Clock clock;

	private final SteadyClock steady;

	Attempts(DeliveryStore deliveries, HeldDeliveries held, EndedAttempts endedAttempts, Targets targets, Node node,
			NodeLifecycle lifecycle, OperatorEvents operators, Clock clock, SteadyClock steady) {
		this.deliveries = deliveries;
		this.held = held;
		this.endedAttempts = endedAttempts;
		this.targets = targets;
		this.node = node;
		this.lifecycle = lifecycle;
		this.operators = operators;
		this.clock = clock;
		this.steady = steady;
	}

	/**
	 * Names of the targets, each of which is claimed for on its own: a fault at one holds
	 * up no other.
	 */
	public List<String> targets() {
		return this.targets.names();
	}

	/**
	 * Deliveries to a target that are due, as many as its queues have room for; now they
	 * are this node's. What has waited for a paused target in vain is dead instead.
	 */
	public List<Delivery> claim(@Body String target) {
		expire(target);
		if (this.targets.room(target) > 0) {
			this.held.release(target);
		}
		List<Long> due = this.deliveries.due(target, this.targets.room(target), this.targets.pictureRoom(target));
		return due.isEmpty() ? List.of() : this.deliveries.claim(due);
	}

	/** Only after a failed probe: it looks at all rows that wait for the target. */
	private void expire(String target) {
		if (!this.targets.gate(target).hasFailedAgain()) {
			return;
		}
		Instant now = this.steady.instant();
		List<Duration> retry = this.targets.retry(target);
		int dead = 0;
		for (int tried = 0; tried <= retry.size(); tried++) {
			Duration patience = retry.stream().skip(tried).reduce(Duration.ZERO, Duration::plus);
			Instant moment = this.targets.gate(target).expired(patience, retry.size() + 1 - tried, now);
			dead += (moment == null) ? 0
					: this.operators.expire(target, tried, this.clock.instant().minus(Duration.between(moment, now)));
		}
		if (dead > 0) {
			logger.warn(
					"target {}: {} deliveries expired while it was paused. Replay them with POST /deliveries/replay.",
					target, dead);
		}
	}

	/**
	 * Takes a delivery into this node's hands and waits until it can be written down how
	 * an attempt ends.
	 * @return whether it may be attempted; not if Vedette stops, or if it isn't this
	 * node's any more
	 */
	boolean begin(Delivery delivery) throws InterruptedException {
		this.underWay.put(delivery.id(), delivery);
		return goesOn(delivery, this.endedAttempts.awaitRoom() && this.node.holdsLease());
	}

	/**
	 * Whether a delivery is still this node's; if so, it is under way from now on. What
	 * is not is dropped, and {@link Ownership} finds out what its row says.
	 */
	boolean isOwn(Delivery delivery) {
		this.underWay.put(delivery.id(), delivery);
		return goesOn(delivery, this.node.holdsLease());
	}

	private boolean goesOn(Delivery delivery, boolean own) {
		if (!own) {
			ended(delivery);
		}
		return own;
	}

	/** A delivery is written down, or nobody's any more. */
	void ended(Delivery delivery) {
		this.underWay.remove(delivery.id());
	}

	/**
	 * The last look before an attempt.
	 * @throws TargetPausedException if none may be made now
	 */
	void passGate(Delivery delivery) throws TargetPausedException {
		if (!this.targets.gate(delivery.target()).admits(this.steady.instant())) {
			throw new TargetPausedException();
		}
	}

	/** Rows of the deliveries that this node has in its hands. */
	Set<Long> held() {
		return Stream.concat(this.targets.queued(), this.underWay.values().stream())
			.flatMap((delivery) -> (delivery.follower() != null) ? Stream.of(delivery.id(), delivery.follower().id())
					: Stream.of(delivery.id()))
			.collect(Collectors.toSet());
	}

	/** The leaf has sent the event. */
	Attempt sent(Delivery delivery) {
		answered(delivery.target());
		if (!delivery.hasImage() || !this.targets.savesPictures(delivery.target())) {
			return new Attempt(delivery, Outcome.ARRIVED, null);
		}
		Delivery rest = delivery.awaitingPicture();
		this.underWay.put(rest.id(), rest);
		return this.lifecycle.isOver() ? handBack(rest) : new Attempt(rest, Outcome.PICTURE, null);
	}

	/**
	 * The leaf has thrown. A closed gate, a route that is not started and this node's own
	 * stop are no faults of the target.
	 */
	Attempt failed(Delivery delivery, Exception thrown) {
		if (thrown instanceof TargetPausedException || !this.targets.isStarted(delivery.target())) {
			return handBack(delivery);
		}
		logger.debug("attempt failed", thrown);
		Failure failure = Failure.of(thrown, this.clock.instant());
		if (failure.isFinal()) {
			answered(delivery.target());
			return new Attempt(delivery, Outcome.DEAD, failure.reason());
		}
		if (this.lifecycle.isOver()) {
			return handBack(delivery);
		}
		tell(this.targets.gate(delivery.target()), delivery.target(), failure);
		return again(delivery, failure.reason(), failure.retryAfter());
	}

	private void tell(TargetGate gate, String target, Failure failure) {
		if (gate.failed(this.steady.instant(), failure.reason(), failure.retryAfter())) {
			logger.warn(
					"target {} failed {} times in a row, at last: {}. Its deliveries wait, one at a time probes it.",
					target, TargetGate.FAILURES, failure.reason());
			this.operators.paused(target, failure.reason());
		}
	}

	private void answered(String target) {
		if (this.targets.gate(target).answered()) {
			logger.warn("target {} works again: its deliveries go on", target);
			this.operators.resumed(target);
		}
	}

	/** Gives a delivery back as if it had not been tried. */
	Attempt handBack(Delivery delivery) {
		return new Attempt(delivery, Outcome.HANDED_BACK, null);
	}

	/**
	 * What becomes of a delivery that failed: another attempt after the next wait of its
	 * target's retry schedule, or later if it was asked for; none after the last.
	 */
	Attempt again(Delivery delivery, String reason, Duration asked) {
		List<Duration> retry = this.targets.retry(delivery.target());
		if (delivery.attempts() >= retry.size()) {
			return new Attempt(delivery, Outcome.DEAD, reason);
		}
		Duration wait = spread(retry.get(delivery.attempts()));
		return new Attempt(delivery, Outcome.AGAIN, reason, Durations.longer(wait, asked));
	}

	static Duration spread(Duration wait) {
		return wait.plusMillis((long) (wait.toMillis() * SPREAD * ThreadLocalRandom.current().nextDouble()));
	}

	/**
	 * Writes down which events have arrived without their pictures: after a stop only
	 * these are asked for. What a fault of the database keeps from being written arrives
	 * once more.
	 */
	@EventListener(ContextClosedEvent.class)
	void stop() {
		List<Long> arrived = Stream.concat(this.targets.queued(), this.underWay.values().stream())
			.filter(Delivery::awaitsPicture)
			.map(Delivery::id)
			.toList();
		try {
			this.deliveries.awaitPictures(arrived);
		}
		catch (DataAccessException | TransactionException ex) {
			logger.debug("{} deliveries are not marked", arrived.size(), ex);
		}
	}

}
