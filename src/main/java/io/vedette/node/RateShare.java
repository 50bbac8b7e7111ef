package io.vedette.node;

import java.time.Instant;
import java.util.function.Supplier;

import io.vedette.schedule.RateLimit;

/**
 * This node's share of one account's rate limit. Whoever asks the provider reads it,
 * {@link Shares} moves it.
 */
public final class RateShare {

	private volatile RateLimit limit;

	private final Supplier<Instant> lastsUntil;

	private volatile int allowed;

	private volatile Sender sender;

	private volatile long jobs;

	private volatile long jobsOfOthers;

	/** What the row says: no period holds more requests of this node. */
	private int held;

	private int part;

	private boolean awaited;

	private boolean doubtful;

	private long wants;

	private int next;

	private boolean fits;

	/**
	 * A share that was taken before.
	 * @param doubtful whether others may have taken it since
	 * @param lastsUntil until when it is this node's if it does not beat again
	 */
	RateShare(RateLimit limit, int held, boolean doubtful, Supplier<Instant> lastsUntil) {
		this.limit = limit;
		this.held = held;
		this.doubtful = doubtful;
		this.lastsUntil = lastsUntil;
		allow();
	}

	/** Who sends the requests of a share. All moments are those of the steady clock. */
	public interface Sender {

		/** How many requests the period may hold that ends now. */
		int used(Instant now);

		/** How many requests a period it could send. */
		long wants(Instant now);

	}

	/** To be called before the first request is sent. */
	public void sentBy(Sender one) {
		this.sender = one;
	}

	/**
	 * How many requests a period this node may send now: none once its lease has run out,
	 * for others may have taken its share.
	 */
	public int requests(Instant now) {
		return now.isBefore(this.lastsUntil.get()) ? this.allowed : 0;
	}

	/**
	 * How many jobs wait under this limit on all nodes.
	 * @param own those that this node watches
	 */
	public long jobs(long own) {
		this.jobs = own;
		return own + this.jobsOfOthers;
	}

	RateLimit limit() {
		return this.limit;
	}

	/**
	 * From now on this is the limit. What is held beyond it is not used, and given up as
	 * any other.
	 * @param all whether this node holds all of every limit
	 */
	void limit(RateLimit other, boolean all) {
		this.limit = other;
		this.held = all ? Math.max(this.held, other.requests()) : this.held;
		allow();
	}

	/** How many requests a period this node could send. */
	long wants(Instant now) {
		this.wants = (this.sender != null) ? this.sender.wants(now) : 0;
		return this.wants;
	}

	/**
	 * From now on no more is sent than others leave to this node, if one of them waits.
	 * @param part this node's part of the limit, by what all want
	 * @param awaited whether another has less than its part and can use it
	 */
	void hear(int part, boolean awaited, long jobsOfOthers) {
		this.part = part;
		this.awaited = awaited;
		this.jobsOfOthers = jobsOfOthers;
		allow();
	}

	/** Others may have taken it: it is used no more until they say that they have not. */
	void doubt() {
		this.doubtful = true;
		allow();
	}

	/** What the row is to say: what is not used any more is given up. */
	ToldShare tell(Instant now) {
		int kept = this.doubtful ? 0 : this.allowed;
		int used = (this.sender != null) ? this.sender.used(now) : this.held;
		this.held = Math.min(this.held, Math.max(kept, used));
		return told(this.held);
	}

	private ToldShare told(int share) {
		return new ToldShare(share, this.wants, this.jobs);
	}

	/** Whether the rows of all nodes have to be looked at while none of them moves. */
	boolean isToTake() {
		return this.doubtful || isShort(this.held, this.wants, this.part);
	}

	/** Whether a node that wants so much and has so much may have more. */
	static boolean isShort(int share, long wants, int part) {
		return wants >= share && part > share;
	}

	/**
	 * What the row is to say if the others hold all but that.
	 * @return what {@link #take} makes true
	 */
	ToldShare plan(int free) {
		boolean takes = isShort(this.held, this.wants, this.part);
		this.next = takes ? Math.max(this.held, Math.min(this.part, free)) : this.held;
		this.fits = this.next <= free;
		return told(this.next);
	}

	/** The row says what was planned. */
	void take() {
		this.held = this.next;
		this.doubtful = !this.fits;
		allow();
	}

	private void allow() {
		int most = Math.min(this.awaited ? Math.min(this.held, this.part) : this.held, this.limit.requests());
		this.allowed = this.doubtful ? 0 : most;
	}

}
