package io.vedette.delivery;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The event of a job on its way to one target, which follows the events of the job's
 * faces there. The deliveries of the faces share it and hold it in memory: once they are
 * gone, its row is given back like any other that is in nobody's hands.
 */
final class Follower {

	/** Far below what faces count down to. */
	private static final int DISMISSED = Integer.MIN_VALUE / 2;

	private final Delivery delivery;

	private final AtomicInteger faces;

	/**
	 * A follower of so many faces.
	 * @param delivery of the job's event
	 * @param faces at least one
	 */
	Follower(Delivery delivery, int faces) {
		this.delivery = delivery;
		this.faces = new AtomicInteger(faces);
	}

	/** Row of the job's event. */
	long id() {
		return this.delivery.id();
	}

	/**
	 * Another face was sent, or has failed an attempt.
	 * @return the delivery of the job's event, if it was the last one
	 */
	Optional<Delivery> oneLess() {
		return (this.faces.decrementAndGet() == 0) ? Optional.of(this.delivery) : Optional.empty();
	}

	/**
	 * A face goes back to its row untried: from now on the rows alone say when the job's
	 * event may go.
	 * @return the delivery of the job's event, to go back too, for the first such face
	 */
	Optional<Delivery> dismiss() {
		return (this.faces.getAndSet(DISMISSED) > 0) ? Optional.of(this.delivery) : Optional.empty();
	}

}
