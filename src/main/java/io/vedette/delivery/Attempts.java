package io.vedette.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vedette.delivery.Attempt.Outcome;
import io.vedette.http.RetryAfter;
import io.vedette.job.Shift;
import io.vedette.node.Node;
import io.vedette.schedule.SteadyClock;
import org.apache.camel.Body;
import org.apache.camel.CamelException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.http.base.HttpOperationFailedException;
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

	private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

	/** Deliveries that failed together come back up to this share of their wait apart. */
	private static final double SPREAD = 0.1;

	private static final int LONGEST_REASON = 500;

	/** Gone, and Unsupported Media Type: the same event will not do later either. */
	private static final Set<Integer> FINAL = Set.of(410, 415);

	private static final Pattern URL_PATH = Pattern.compile("(https?://)(?:[^/\\s\"'@]*@)?([^/\\s\"'@]+)[^\\s\"']*");

	/** What no database stores, or no log shows as one line. */
	private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cs}]+");

	private static final Logger logger = LoggerFactory.getLogger(Attempts.class);

	/** Deliveries that have been begun and not yet written down. */
	private final Map<Long, Delivery> underWay = new ConcurrentHashMap<>();

	private final DeliveryStore deliveries;

	private final Targets targets;

	private final Node node;

	private final Shift shift;

	private final Clock clock;

	private final SteadyClock steady;

	Attempts(DeliveryStore deliveries, Targets targets, Node node, Shift shift, Clock clock, SteadyClock steady) {
		this.deliveries = deliveries;
		this.targets = targets;
		this.node = node;
		this.shift = shift;
		this.clock = clock;
		this.steady = steady;
	}

	/**
	 * Deliveries to a target that are due, as many as its queues have room for; now they
	 * are this node's. What has waited for a paused target in vain is dead instead.
	 */
	public List<Delivery> claim(@Body String target) {
		expire(target);
		List<Delivery> due = new ArrayList<>(this.deliveries.claim(target, this.targets.room(target), false));
		due.addAll(this.deliveries.claim(target, this.targets.pictureRoom(target), true));
		return due;
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
					: this.deliveries.expire(target, tried, this.clock.instant().minus(Duration.between(moment, now)));
		}
		if (dead > 0) {
			logger.warn(
					"target {}: {} deliveries expired while it was paused. Replay them with POST /deliveries/replay.",
					target, dead);
		}
	}

	/**
	 * Whether a delivery is still this node's; if so, it is under way from now on. What
	 * is not is dropped, and {@link Ownership} finds out what its row says.
	 */
	boolean isOwn(Delivery delivery) {
		boolean own = this.node.holdsLease();
		if (own) {
			this.underWay.put(delivery.id(), delivery);
		}
		else {
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
		return this.shift.isOver() ? handBack(rest) : new Attempt(rest, Outcome.PICTURE, null);
	}

	/**
	 * The leaf has thrown. A closed gate, a route that is not started and this node's own
	 * stop are no faults of the target.
	 */
	Attempt failed(Delivery delivery, Exception exception) {
		Exception cause = cause(exception);
		if (cause instanceof TargetPausedException || !this.targets.isStarted(delivery.target())) {
			return handBack(delivery);
		}
		logger.debug("attempt failed", exception);
		String reason = describe(cause);
		if (cause instanceof HttpOperationFailedException reply && FINAL.contains(reply.getStatusCode())) {
			answered(delivery.target());
			return new Attempt(delivery, Outcome.DEAD, reason);
		}
		if (this.shift.isOver()) {
			return handBack(delivery);
		}
		Duration asked = retryAfter(cause);
		if (this.targets.gate(delivery.target()).failed(this.steady.instant(), reason, asked)) {
			logger.warn(
					"target {} failed {} times in a row, at last: {}. Its deliveries wait, one at a time probes it.",
					delivery.target(), TargetGate.FAILURES, reason);
		}
		return again(delivery, reason, asked);
	}

	private void answered(String target) {
		if (this.targets.gate(target).answered()) {
			logger.warn("target {} works again: its deliveries go on", target);
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
		return new Attempt(delivery, Outcome.AGAIN, reason, (wait.compareTo(asked) < 0) ? asked : wait);
	}

	static Duration spread(Duration wait) {
		return wait.plusMillis((long) (wait.toMillis() * SPREAD * ThreadLocalRandom.current().nextDouble()));
	}

	/** What was thrown, without what Camel has wrapped around it. */
	static Exception cause(Exception exception) {
		Exception cause = exception;
		while (cause.getCause() instanceof Exception inner
				&& (cause instanceof CamelException || cause instanceof RuntimeCamelException)) {
			cause = inner;
		}
		return cause;
	}

	/** Says why an attempt failed; of a URL no more than its host. */
	private static String describe(Exception cause) {
		if (cause instanceof HttpOperationFailedException reply) {
			return "HTTP " + reply.getStatusCode();
		}
		String message = (cause.getMessage() != null) ? URL_PATH.matcher(cause.getMessage()).replaceAll("$1$2") : "";
		return "%s: %s".formatted(cause.getClass().getSimpleName(), printable(message));
	}

	/** Foreign text as it can be stored and shown: one line, no longer than that. */
	static String printable(String text) {
		String line = UNPRINTABLE.matcher(text).replaceAll(" ");
		return line.substring(0, Math.min(line.length(), LONGEST_REASON));
	}

	private Duration retryAfter(Exception cause) {
		if (cause instanceof HttpOperationFailedException reply && reply.getResponseHeaders() != null) {
			return reply.getResponseHeaders()
				.entrySet()
				.stream()
				.filter((header) -> header.getKey().equalsIgnoreCase("retry-after"))
				.map((header) -> RetryAfter.parse(header.getValue(), this.clock.instant(), LONGEST_RETRY_AFTER))
				.findFirst()
				.orElse(Duration.ZERO);
		}
		return Duration.ZERO;
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
