package io.vedette.rig;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How far a run has come. Load and kills keep pace with each other, so that every kill
 * meets work and the load lasts as long as the kills.
 */
final class Progress {

	/** Every so many kills whoever waits is told. */
	private static final int REPORTED = 10;

	/** So many kills' worth of faces may be under way. */
	private static final int UNDER_WAY = 3;

	private final AtomicInteger faces = new AtomicInteger();

	private final AtomicInteger kills = new AtomicInteger();

	private final Instant began = Instant.now();

	private final RigOptions options;

	private final LongSupplier arrived;

	private final BooleanSupplier aiming;

	/**
	 * @param arrived how many events a target has received so far
	 * @param aiming whether a kill waits for a job to be submitted
	 */
	Progress(RigOptions options, LongSupplier arrived, BooleanSupplier aiming) {
		this.options = options;
		this.arrived = arrived;
		this.aiming = aiming;
	}

	void faces(int more) {
		this.faces.addAndGet(more);
	}

	void kill() {
		int count = this.kills.incrementAndGet();
		if (count % REPORTED == 0) {
			System.out.printf("%d of %d kills, %,d faces handed in, %,d events arrived, %d s%n", count,
					this.options.kills(), faces(), this.arrived.getAsLong(),
					Duration.between(this.began, Instant.now()).toSeconds());
		}
	}

	int faces() {
		return this.faces.get();
	}

	boolean isFed() {
		return this.faces.get() >= this.options.faces() && this.kills.get() >= this.options.kills();
	}

	/** Whether the load is ahead of the kills. */
	boolean isAhead() {
		return this.faces.get() >= due(this.kills.get() + 1);
	}

	/** Whether a kill waits for a job to be submitted. */
	boolean isAiming() {
		return this.aiming.getAsBoolean();
	}

	/** Whether the kills have to wait for the load, or for what becomes of it. */
	boolean isBehind() {
		int done = this.kills.get();
		return this.faces.get() < due(done) || this.arrived.getAsLong() < due(done - UNDER_WAY);
	}

	private long due(int kill) {
		return (long) this.options.faces() * Math.min(kill, this.options.kills()) / this.options.kills();
	}

}
