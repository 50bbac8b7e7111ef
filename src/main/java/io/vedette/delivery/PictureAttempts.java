package io.vedette.delivery;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import io.vedette.delivery.Attempt.Outcome;
import io.vedette.job.NodeLifecycle;
import io.vedette.schedule.Durations;
import io.vedette.schedule.SteadyClock;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

import org.springframework.stereotype.Component;

/**
 * The attempts at pictures, beside {@link Attempts}: whether one may be fetched now, and
 * how that ended.
 */
@Component("pictureAttempts")
public class PictureAttempts {

	/** Set as long as a picture has a place at its host. */
	private static final String PLACE = "place";

	/** Why a picture could not be had, until it leaves its place. */
	private static final String FAILURE = "failure";

	/**
	 * A picture that is not there yet is asked for again after these, or after the waits
	 * of the target's retry schedule where they are shorter.
	 */
	private static final List<Duration> NOT_YET = List.of(Duration.ofSeconds(5), Duration.ofSeconds(30),
			Duration.ofMinutes(2), Duration.ofMinutes(5));

	private static final Duration LINE_IS_FULL = Duration.ofSeconds(5);

	private final PictureHosts hosts;

	private final Pictures pictures;

	private final Attempts attempts;

	private final AttemptSpans spans;

	private final Targets targets;

	private final NodeLifecycle lifecycle;

	private final SteadyClock steady;

	PictureAttempts(Pictures pictures, Attempts attempts, AttemptSpans spans, Targets targets, NodeLifecycle lifecycle,
			SteadyClock steady) {
		this.hosts = targets.pictureHosts();
		this.pictures = pictures;
		this.attempts = attempts;
		this.spans = spans;
		this.targets = targets;
		this.lifecycle = lifecycle;
		this.steady = steady;
	}

	/**
	 * Begins the attempt at the delivery in the body, from now on in the variable
	 * {@code delivery}. The route ends here if it is not this node's any more, or if it
	 * waits at the picture's host.
	 * @throws TargetPausedException if an operator has paused the target
	 * @throws HostBusyException if it finds no place at the host
	 */
	public void begin(Exchange exchange) throws TargetPausedException, HostBusyException {
		Delivery delivery = exchange.getMessage().getBody(Delivery.class);
		exchange.setVariable("delivery", delivery);
		if (this.attempts.isOwn(delivery) && findsPlace(delivery)) {
			exchange.setVariable(PLACE, true);
			if (!this.pictures.isInline(delivery)) {
				exchange.setVariable(AttemptSpans.SPAN, this.spans.beginPicture(delivery));
			}
		}
		else {
			exchange.setRouteStop(true);
		}
	}

	private boolean findsPlace(Delivery delivery) throws TargetPausedException, HostBusyException {
		if (this.targets.gate(delivery.target()).isHeld()) {
			throw new TargetPausedException();
		}
		PictureHosts.Entry entry = this.hosts.enter(delivery, this.steady.instant());
		return switch (entry) {
			case ADMITTED -> true;
			case WAITS -> false;
			default -> throw new HostBusyException(entry);
		};
	}

	/**
	 * Gives the place of the picture back.
	 * @return those that ask for it now
	 */
	public List<Delivery> leave(Exchange exchange) {
		Exception failure = (Exception) exchange.removeVariable(FAILURE);
		return (exchange.removeVariable(PLACE) != null)
				? placeFree(exchange.getVariable("delivery", Delivery.class), failure) : List.of();
	}

	private List<Delivery> placeFree(Delivery delivery, Exception failure) {
		boolean answered = !(failure instanceof IOException)
				|| this.pictures.missing(failure).kind() != Missing.Kind.LATE;
		return this.hosts.leave(delivery, answered, this.steady.instant());
	}

	/** The picture is beside its event. */
	public Attempt saved(@Variable("delivery") Delivery delivery, Exchange exchange) {
		return AttemptSpans.ended(exchange, new Attempt(delivery, Outcome.ARRIVED, null));
	}

	/** The picture found no place at its host, could not be had, or not be saved. */
	public Attempt missing(@Variable("delivery") Delivery delivery, Exchange exchange) {
		Exception failure = innermost(DeliveryExpressions.caught(exchange));
		exchange.setVariable(FAILURE, failure);
		return AttemptSpans.ended(exchange, (failure instanceof HostBusyException busy)
				? turnedAway(delivery, busy.entry()) : failed(delivery, failure));
	}

	private static Exception innermost(Exception thrown) {
		Exception cause = thrown;
		while (cause.getCause() instanceof Exception inner) {
			cause = inner;
		}
		return cause;
	}

	private Attempt turnedAway(Delivery delivery, PictureHosts.Entry entry) {
		return switch (entry) {
			case FAILED -> this.attempts.again(delivery, "picture: its host does not answer", Duration.ZERO);
			case PAUSED -> new Attempt(delivery, Outcome.HANDED_BACK, null,
					Attempts.spread(this.hosts.pause(delivery, this.steady.instant())));
			default -> new Attempt(delivery, Outcome.HANDED_BACK, null, LINE_IS_FULL);
		};
	}

	private Attempt failed(Delivery delivery, Exception failure) {
		this.pictures.removeParts(delivery);
		if (this.lifecycle.isOver() || failure instanceof TargetPausedException) {
			return this.attempts.handBack(delivery);
		}
		Missing missing = this.pictures.missing(failure);
		return switch (missing.kind()) {
			case LATE -> this.attempts.again(delivery, missing.note(), Duration.ZERO);
			case NOT_YET -> notYet(delivery, missing.note());
			case GONE -> new Attempt(delivery, Outcome.ARRIVED, missing.note());
		};
	}

	private Attempt notYet(Delivery delivery, String note) {
		int waits = delivery.attempts();
		List<Duration> retry = this.targets.retry(delivery.target());
		if (waits >= NOT_YET.size() || waits >= retry.size()) {
			return new Attempt(delivery, Outcome.ARRIVED, note);
		}
		Duration wait = Durations.shorter(NOT_YET.get(waits), retry.get(waits));
		return new Attempt(delivery, Outcome.AGAIN, note, Attempts.spread(wait));
	}

}
