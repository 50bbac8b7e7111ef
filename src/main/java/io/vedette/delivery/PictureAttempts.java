package io.vedette.delivery;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import io.vedette.delivery.Attempt.Outcome;
import io.vedette.job.NodeLifecycle;
import io.vedette.schedule.SteadyClock;

import org.springframework.stereotype.Component;

/**
 * What the routes of {@code save-pictures} ask: whether a picture may be fetched now, and
 * how the attempt ended.
 */
@Component
class PictureAttempts {

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

	private final Targets targets;

	private final NodeLifecycle lifecycle;

	private final SteadyClock steady;

	PictureAttempts(Pictures pictures, Attempts attempts, Targets targets, NodeLifecycle lifecycle,
			SteadyClock steady) {
		this.hosts = targets.pictureHosts();
		this.pictures = pictures;
		this.attempts = attempts;
		this.targets = targets;
		this.lifecycle = lifecycle;
		this.steady = steady;
	}

	/** Asks for a place at the picture's host. */
	PictureHosts.Entry enter(Delivery delivery) {
		return this.hosts.enter(delivery, this.steady.instant());
	}

	/**
	 * The picture has its place no longer.
	 * @param failure the innermost cause of why it failed, or null
	 * @return those that ask for a place now
	 */
	List<Delivery> leave(Delivery delivery, Exception failure) {
		boolean answered = !(failure instanceof IOException)
				|| this.pictures.missing(failure).kind() != Missing.Kind.LATE;
		return this.hosts.leave(delivery, answered, this.steady.instant());
	}

	/** The picture is beside its event. */
	Attempt saved(Delivery delivery) {
		return new Attempt(delivery, Outcome.ARRIVED, null);
	}

	/**
	 * The picture's host finds it no place.
	 * @param entry anything but a place
	 */
	Attempt turnedAway(Delivery delivery, PictureHosts.Entry entry) {
		return switch (entry) {
			case FAILED -> this.attempts.again(delivery, "picture: its host does not answer", Duration.ZERO);
			case PAUSED -> new Attempt(delivery, Outcome.HANDED_BACK, null,
					Attempts.spread(this.hosts.pause(delivery, this.steady.instant())));
			default -> new Attempt(delivery, Outcome.HANDED_BACK, null, LINE_IS_FULL);
		};
	}

	/**
	 * The picture could not be had, or not be saved.
	 * @param failure the innermost cause
	 */
	Attempt missing(Delivery delivery, Exception failure) {
		this.pictures.removeParts(delivery);
		if (this.lifecycle.isOver()) {
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
		Duration own = NOT_YET.get(waits);
		Duration wait = (own.compareTo(retry.get(waits)) < 0) ? own : retry.get(waits);
		return new Attempt(delivery, Outcome.AGAIN, note, Attempts.spread(wait));
	}

}
