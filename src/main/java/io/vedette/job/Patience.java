package io.vedette.job;

import java.time.Duration;
import java.time.Instant;

import io.vedette.config.VedetteProperties;
import io.vedette.provider.AnswerClass;
import io.vedette.provider.Reason;

/**
 * How long a job is waited for: when it is asked for next, and when its watch is over.
 */
final class Patience {

	/**
	 * A job that is too old expires without an answer once others were answered that
	 * often in between: then it is not the provider that is away.
	 */
	private static final int MOST_ASKS_IN_VAIN = 5;

	private Patience() {
	}

	/**
	 * Ends a watch if its last answer does. What the provider does not say ends no job:
	 * one that can't be asked for does not expire.
	 * @param now on the steady clock
	 * @param written the wall clock's time
	 */
	static void judge(Watch watch, Instant now, Instant written) {
		AnswerClass type = watch.getAnswer().type();
		switch (type) {
			case SUCCEEDED -> {
				if (!watch.lacksResult() || !now.isBefore(endOfResultGrace(watch))) {
					watch.end(Outcome.SUCCEEDED, null, now, written);
				}
			}
			case FAILED -> watch.end(Outcome.FAILED, watch.getAnswer().reason(), now, written);
			case REFUSED, THROTTLED -> {
				// The key and the rate are the operator's to mend.
			}
			case UNAVAILABLE -> {
				if (isTooOld(watch, now) && watch.asksInVain() >= MOST_ASKS_IN_VAIN) {
					watch.end(Outcome.EXPIRED, tooOld(watch), now, written);
				}
			}
			case PENDING, NOT_FOUND -> {
				if (type == AnswerClass.NOT_FOUND && !now.isBefore(endOfNotFoundGrace(watch))) {
					watch.end(Outcome.EXPIRED, notFound(watch, now), now, written);
				}
				else if (isTooOld(watch, now)) {
					watch.end(Outcome.EXPIRED, tooOld(watch), now, written);
				}
			}
		}
	}

	private static Reason notFound(Watch watch, Instant now) {
		return new Reason("not-found", "the provider does not know the job %d s after it was registered"
			.formatted(watch.age(now).toSeconds()));
	}

	private static Reason tooOld(Watch watch) {
		return new Reason("max-wait", "not finished after %d s; the last answer was %s"
			.formatted(settings(watch).maxWait().toSeconds(), watch.lastWords()));
	}

	static boolean isTooOld(Watch watch, Instant now) {
		return watch.age(now).compareTo(settings(watch).maxWait()) >= 0;
	}

	/** When the job is to be asked for next, on the steady clock. */
	static Instant nextPoll(Watch watch, Instant now) {
		VedetteProperties.Provider settings = settings(watch);
		Instant next = watch.bornAt().plus(watch.nextAge(now));
		Instant earliest = now;
		if (watch.getAnswer() != null) {
			earliest = latest(watch.askedAt().plus(settings.minDelay()), now.plus(watch.getAnswer().retryAfter()));
			next = earlier(next, now.plus(settings.maxDelay()));
			if (watch.getAnswer().type() == AnswerClass.NOT_FOUND) {
				next = earlier(next, latest(now, endOfNotFoundGrace(watch)));
			}
			if (watch.lacksResult()) {
				next = earlier(next, nextLookForResult(watch, now));
			}
		}
		Instant last = watch.bornAt().plus(settings.maxWait());
		next = last.isAfter(now) ? earlier(next, last) : next;
		return latest(next, earliest);
	}

	/** The longer the result is missing, the less likely it comes the next moment. */
	private static Instant nextLookForResult(Watch watch, Instant now) {
		Duration missing = Duration.between(watch.resultAwaitedSince(), now);
		return earlier(now.plus(missing), latest(now, endOfResultGrace(watch)));
	}

	private static Instant endOfResultGrace(Watch watch) {
		return watch.resultAwaitedSince().plus(settings(watch).resultGrace());
	}

	private static Instant endOfNotFoundGrace(Watch watch) {
		return watch.bornAt().plus(settings(watch).notFoundGrace());
	}

	private static VedetteProperties.Provider settings(Watch watch) {
		return watch.provider().settings();
	}

	private static Instant earlier(Instant one, Instant other) {
		return one.isBefore(other) ? one : other;
	}

	private static Instant latest(Instant one, Instant other) {
		return one.isAfter(other) ? one : other;
	}

}
