package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

import io.vedette.config.VedetteProperties;
import io.vedette.node.RateShare;
import io.vedette.schedule.Durations;
import io.vedette.schedule.Pace;
import io.vedette.schedule.RateLimit;
import io.vedette.schedule.SlidingWindow;

/**
 * What stands between the jobs of an account and its provider's API. Within the rate
 * limit it lets callers through in turn, and of each the jobs whose polls are worth most.
 * A throttling provider is left alone for as long as it asks, and asked less often from
 * then on. To one that refuses, or has no answer for several jobs in a row, the gate
 * closes: one poll is let through as a probe each time the pause has run out, and an
 * answer to it opens the gate.
 * <p>
 * Not Resilience4j's circuit breaker: it counts calls, so one job whose reply can't be
 * read would open it, and it takes no Retry-After.
 */
final class ProviderGate implements RateShare.Sender {

	static final Duration PROBE_EVERY = Duration.ofMinutes(1);

	/** So many different jobs without an answer, and none with one in between. */
	static final int SILENT_JOBS = 5;

	/** How soon a job looks whether its turn comes sooner than it was told. */
	private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

	/** The same after a probe, or where others may give this node a share. */
	private static final Duration LOOK_SOON = Duration.ofSeconds(1);

	private final VedetteProperties.Provider settings;

	private final ToIntFunction<Instant> share;

	private RateLimit limit;

	private Allowance allowance;

	private SlidingWindow window;

	private Pace pace;

	private final WaitingLine line = new WaitingLine();

	private final Set<WaitingPoll> silent = new HashSet<>();

	private Instant throttledUntil = Instant.MIN;

	private Pause closed;

	private WaitingPoll probe;

	private int pauses;

	private boolean held;

	private Instant answeredAt = Instant.MIN;

	/**
	 * A gate that is open.
	 * @param limit which all nodes together keep
	 * @param usedUntil until when somebody else may have used this node's share
	 * @param share how many requests a period this node may send, at a moment
	 */
	ProviderGate(VedetteProperties.Provider settings, RateLimit limit, Instant usedUntil,
			ToIntFunction<Instant> share) {
		this.settings = settings;
		this.share = share;
		this.limit = limit;
		this.allowance = new Allowance(limit, share);
		this.window = new SlidingWindow(limit, usedUntil);
		this.pace = new Pace(limit);
	}

	synchronized RateLimit limit() {
		return this.limit;
	}

	/** From now on this is the limit, also for what was sent before. */
	synchronized void limit(RateLimit other) {
		if (!other.equals(this.limit)) {
			this.limit = other;
			this.allowance = new Allowance(other, this.share);
			this.window = this.window.under(other);
			this.pace = new Pace(other);
		}
	}

	/** A gate that is closed lets its next probe through now. */
	synchronized void probe(Instant now) {
		if (this.closed != null && this.closed.until().isAfter(now)) {
			this.closed = new Pause(this.closed.cause(), this.closed.reason(), now);
		}
	}

	synchronized Duration await(WaitingPoll poll, Instant now) {
		this.line.look(poll);
		if (this.held) {
			Duration look = this.line.longestSleep(LOOK_AGAIN);
			this.line.enter(poll, now.plus(look));
			return look;
		}
		double allowed = this.allowance.requests(now);
		Instant opens = pause(now).map(Pause::until).orElse(now);
		// Whom it would have to let go first is looked up only where there is room: in a
		// crowd there hardly ever is.
		boolean hasRoom = !opens.isAfter(now) && !freeAt(0, now, allowed).isAfter(now);
		int before = hasRoom ? this.line.awakeBefore(poll, now, this.limit.requests()) : 0;
		if (hasRoom && !freeAt(before, now, allowed).isAfter(now)) {
			if (isCrowded(now, allowed)) {
				this.pace.sent(now, allowed);
			}
			poll.permit(this.window.take(now, allowed));
			this.line.serve(poll);
			if (this.closed != null) {
				this.probe = poll;
				close(this.closed.cause(), this.closed.reason(), now.plus(PROBE_EVERY));
			}
			return Duration.ZERO;
		}
		// Half of those before it: polls become worth more at different paces, and it may
		// overtake the rest.
		Instant free = freeAt(Math.max(before, this.line.before(poll, now) / 2), now, allowed);
		Duration most = this.line.longestSleep((this.probe != null || allowed == 0) ? LOOK_SOON : LOOK_AGAIN);
		Duration sleep = wholeMillis(Duration.between(now, opens.isAfter(free) ? opens : free), most);
		this.line.enter(poll, now.plus(sleep));
		return sleep;
	}

	/**
	 * When a poll may be sent. In a crowd at even distances; a few that come at once go
	 * at once.
	 */
	private Instant freeAt(int before, Instant now, double allowed) {
		Instant free = this.window.freeAt(before, now, allowed);
		return isCrowded(now, allowed) ? latest(free, this.pace.at(before, now, allowed)) : free;
	}

	/** Whether more polls wait than the period has room for. */
	private boolean isCrowded(Instant now, double allowed) {
		return allowed > 0 && this.window.used(now) + this.line.size() >= allowed;
	}

	private static Duration wholeMillis(Duration time, Duration most) {
		return Duration.ofMillis(Math.max(1, Math.min(time.plusNanos(999_999).toMillis(), most.toMillis())));
	}

	synchronized boolean hear(WaitingPoll poll, Answer answer, Instant now) {
		boolean wasProbe = this.probe == poll;
		AnswerClass closedFor = closedFor();
		end(poll, now);
		switch (answer.type()) {
			case REFUSED -> close(AnswerClass.REFUSED, answer.reason(), now.plus(PROBE_EVERY));
			case UNAVAILABLE -> hearNothing(poll, wasProbe, answer.reason(), now);
			default -> {
				this.closed = null;
				this.pauses = 0;
				this.silent.clear();
			}
		}
		if (answer.type().tellsOfTheJob()) {
			this.answeredAt = now;
		}
		if (answer.type() == AnswerClass.THROTTLED) {
			this.allowance.cut(now);
			this.throttledUntil = latest(this.throttledUntil, now.plus(answer.retryAfter()));
		}
		return closedFor != closedFor();
	}

	/** One job without an answer may be the job's own fault, several in a row are not. */
	private void hearNothing(WaitingPoll poll, boolean wasProbe, Reason reason, Instant now) {
		if (closedFor() == AnswerClass.REFUSED) {
			return;
		}
		this.silent.add(poll);
		if (wasProbe || this.closed == null && this.silent.size() >= SILENT_JOBS) {
			Duration pause = this.settings.minDelay().multipliedBy(1L << Math.min(this.pauses, 20));
			this.pauses++;
			close(AnswerClass.UNAVAILABLE, reason, now.plus(Durations.shorter(pause, this.settings.maxDelay())));
		}
	}

	private void close(AnswerClass cause, Reason reason, Instant until) {
		this.closed = new Pause(cause, reason, until);
		this.silent.clear();
	}

	private AnswerClass closedFor() {
		return (this.closed != null) ? this.closed.cause() : null;
	}

	/** Frees the place that a poll may have, and its place in the line. */
	synchronized void end(WaitingPoll poll, Instant now) {
		this.line.leave(poll);
		if (this.probe == poll) {
			this.probe = null;
		}
		if (poll.permit() != null) {
			this.window.replied(poll.permit(), now);
			poll.permit(null);
		}
	}

	/** Why no poll is sent now; a gate that waits for its probe is paused as well. */
	synchronized Optional<Pause> pause(Instant now) {
		if (this.throttledUntil.isAfter(now)
				&& (this.closed == null || this.throttledUntil.isAfter(this.closed.until()))) {
			return Optional.of(new Pause(AnswerClass.THROTTLED, null, this.throttledUntil));
		}
		return Optional.ofNullable(this.closed);
	}

	/** Lets nothing through for as long as an operator wants it. */
	synchronized void hold(boolean wanted) {
		this.held = wanted;
	}

	/** When a job was last answered, or the beginning of time. */
	synchronized Instant answeredAt() {
		return this.answeredAt;
	}

	/** How many requests the period may hold that ends now. */
	@Override
	public synchronized int used(Instant now) {
		return this.window.used(now);
	}

	/** A gate that is closed needs one, for its probe. */
	@Override
	public synchronized long wants(Instant now) {
		int waiting = this.line.size();
		return pause(now).isPresent() ? Math.min(1, waiting) : this.window.used(now) + waiting;
	}

	/** How many requests a period this node may send now. */
	synchronized double allowed(Instant now) {
		return this.allowance.requests(now);
	}

	/** How many jobs wait for a place. */
	synchronized int waiting() {
		return this.line.size();
	}

	private static Instant latest(Instant one, Instant other) {
		return one.isAfter(other) ? one : other;
	}

}
