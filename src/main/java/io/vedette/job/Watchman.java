package io.vedette.job;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vedette.http.RetryAfter;
import io.vedette.provider.Answer;
import io.vedette.provider.AnswerClass;
import io.vedette.provider.Provider;
import io.vedette.provider.Providers;
import io.vedette.provider.Reason;
import org.apache.camel.Body;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * What the loop in {@code watch-job} asks: whether to go on, how long to wait, and what
 * an answer means.
 */
@Component("watchman")
public class Watchman {

	/** A provider's Retry-After is believed up to here. */
	private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);

	/** Longest sleep of a job whose provider pauses. */
	private static final Duration LOOK_AGAIN = Duration.ofSeconds(15);

	/** Jobs registered together are asked up to this share of their age apart. */
	private static final double SPREAD = 0.1;

	private static final Logger logger = LoggerFactory.getLogger(Watchman.class);

	private final Map<Long, Watch> watches = new ConcurrentHashMap<>();

	private final Providers providers;

	private final JobStore jobs;

	private final Clock clock;

	private volatile boolean stopping;

	Watchman(Providers providers, JobStore jobs, Clock clock) {
		this.providers = providers;
		this.jobs = jobs;
		this.clock = clock;
	}

	/**
	 * Jobs that have no owner, or one that is no longer seen; now they are this node's.
	 */
	public List<Job> claim(int limit) {
		if (this.stopping) {
			return List.of();
		}
		return this.jobs.claim(this.providers.names(), limit)
			.stream()
			// A node that could not beat for a while sees its own jobs as free.
			.filter((job) -> !this.watches.containsKey(job.id()))
			.toList();
	}

	/** Begins to watch a job, at its first scheduled age that has not passed. */
	public Watch begin(@Body Job job) {
		Watch watch = new Watch(job, this.providers.get(job.provider()));
		this.watches.put(job.id(), watch);
		Instant now = this.clock.instant();
		watch.pollAt(isTooOld(watch, now) ? now : nextPoll(watch, now));
		return watch;
	}

	/** Whether the job still has to be asked for. */
	public boolean goesOn(@Variable("watch") Watch watch) {
		if (this.stopping) {
			watch.end(Outcome.HANDED_BACK, null, this.clock.instant());
		}
		return watch.getOutcome() == null;
	}

	/** Milliseconds until the job's schedule wants the next poll. */
	public long untilDue(@Variable("watch") Watch watch) {
		return millisUntil(watch.nextPollAt());
	}

	/**
	 * Milliseconds until the provider's rate limit, or its pause, lets the poll through.
	 */
	public long untilAllowed(@Variable("watch") Watch watch) {
		Provider provider = watch.provider();
		Instant now = this.clock.instant();
		watch.place(provider.takePlace(now));
		if (watch.place() != null) {
			return millisUntil(watch.place());
		}
		// A probe may end the pause early: a sleeping job can't be told, so it looks
		// again.
		return Math.min(provider.pause(now).toMillis() + 1, LOOK_AGAIN.toMillis());
	}

	/**
	 * Whether the poll may be sent after these waits: the job may be over, the provider
	 * paused meanwhile.
	 */
	public boolean mayAsk(@Variable("watch") Watch watch) {
		Instant now = this.clock.instant();
		if (!goesOn(watch) || !watch.provider().admits(watch.place(), now)) {
			return false;
		}
		watch.asked(now);
		return true;
	}

	/** Takes in what an {@code ask-} route made of the reply. */
	public void hear(@Variable("watch") Watch watch, @Variable("answer") String name, @Body Object body,
			@Variable("retryAfter") String retryAfter, @Variable("replyId") String replyId,
			@Variable("warning") String warning) {
		Instant now = this.clock.instant();
		Answer answer = Answer.read(AnswerClass.of(name), body, RetryAfter.parse(retryAfter, now, LONGEST_RETRY_AFTER));
		String doubt = warning;
		if (replyId != null && !replyId.isEmpty() && !replyId.equals(watch.getJob().jobId())) {
			answer = Answer.of(AnswerClass.UNAVAILABLE, null, answer.retryAfter());
			doubt = "the reply is about another job";
		}
		else if (doubt == null && answer.type() == AnswerClass.UNAVAILABLE) {
			doubt = "the provider answers with code " + ((answer.reason() != null) ? answer.reason().code() : null);
		}
		if (doubt != null && watch.firstOf(answer.type())) {
			logger.warn("{}: {}; counts as {}, Vedette asks again", watch.getJob(), doubt, answer.type());
		}
		watch.heard(answer);
		tellProvider(watch, answer, now);
		decide(watch, answer, now);
		if (watch.getOutcome() == null) {
			watch.pollAt(nextPoll(watch, now));
		}
	}

	private void tellProvider(Watch watch, Answer answer, Instant now) {
		Provider provider = watch.provider();
		boolean turned = provider.hear(answer, now);
		if (turned && answer.type() == AnswerClass.REFUSED) {
			logger.warn("{} refuses: {}. All its jobs wait, one asks again every minute. Check the key and the quota.",
					provider.name(), answer.reason());
		}
		else if (turned) {
			logger.warn("{} answers again: its jobs go on", provider.name());
		}
	}

	private void decide(Watch watch, Answer answer, Instant now) {
		Provider provider = watch.provider();
		Duration age = watch.age(now);
		Duration grace = provider.settings().notFoundGrace();
		Duration maxWait = provider.settings().maxWait();
		switch (answer.type()) {
			case SUCCEEDED -> watch.end(Outcome.SUCCEEDED, null, now);
			case FAILED -> watch.end(Outcome.FAILED, answer.reason(), now);
			case REFUSED -> {
				// The key is the operator's to mend: a job does not expire for it.
			}
			default -> {
				if (answer.type() == AnswerClass.NOT_FOUND && age.compareTo(grace) >= 0) {
					watch.end(Outcome.EXPIRED,
							new Reason("not-found", "the provider does not know the job %d s after it was registered"
								.formatted(age.toSeconds())),
							now);
				}
				else if (isTooOld(watch, now)) {
					watch.end(Outcome.EXPIRED,
							new Reason("max-wait", "not finished after %d s".formatted(maxWait.toSeconds())), now);
				}
			}
		}
	}

	private boolean isTooOld(Watch watch, Instant now) {
		return watch.age(now).compareTo(watch.provider().settings().maxWait()) >= 0;
	}

	private Instant nextPoll(Watch watch, Instant now) {
		Provider provider = watch.provider();
		Instant registered = watch.getJob().registeredAt();
		double spread = 1 + SPREAD * Math.floorMod(watch.getJob().jobId().hashCode() * 0x9E3779B9, 1024) / 1024;
		Duration age = watch.age(now).isNegative() ? Duration.ZERO : watch.age(now);
		Instant next = registered.plus(scaled(provider.schedule().nextAge(scaled(age, 1 / spread)), spread));
		Instant earliest = now;
		if (watch.askedAt() != null) {
			earliest = latest(watch.askedAt().plus(provider.settings().minDelay()),
					now.plus(watch.getAnswer().retryAfter()));
			next = earlier(next, now.plus(provider.settings().maxDelay()));
		}
		if (watch.getAnswer() != null && watch.getAnswer().type() == AnswerClass.NOT_FOUND) {
			next = earlier(next, latest(now, registered.plus(provider.settings().notFoundGrace())));
		}
		Instant last = registered.plus(provider.settings().maxWait());
		next = last.isAfter(now) ? earlier(next, last) : next;
		return latest(next, earliest);
	}

	private static Duration scaled(Duration duration, double factor) {
		return Duration.ofNanos((long) (duration.toNanos() * factor));
	}

	private static Instant earlier(Instant one, Instant other) {
		return one.isBefore(other) ? one : other;
	}

	private static Instant latest(Instant one, Instant other) {
		return one.isAfter(other) ? one : other;
	}

	private long millisUntil(Instant moment) {
		return Math.max(0, Duration.between(this.clock.instant(), moment).plusNanos(999_999).toMillis());
	}

	/** Forgets a watch that is over. */
	public void end(@Variable("watch") Watch watch) {
		this.watches.remove(watch.getJob().id(), watch);
	}

	/** Gives a job back: this node stops. */
	public void handBack(@Variable("watch") Watch watch) {
		this.jobs.release(watch.getJob());
	}

	/**
	 * Gives a job back after a fault of Vedette's own, for the timer to pick up again.
	 */
	public void fault(@Variable("watch") Watch watch, @ExchangeException Exception fault) {
		logger.error("{}: a fault in the routes; the job is handed back and watched again", watch.getJob(), fault);
		end(watch);
		this.jobs.release(watch.getJob());
	}

	/**
	 * Says why a call gave no answer, without a word of the reply: it is personal data.
	 */
	public String describe(@ExchangeException Exception exception) {
		Throwable cause = exception;
		while (cause.getCause() != null && !(cause instanceof IOException)) {
			cause = cause.getCause();
		}
		if (cause instanceof IOException && !(cause instanceof JsonProcessingException)) {
			return cause.getClass().getSimpleName() + ": " + cause.getMessage();
		}
		return "the reply is not what the API's page describes (" + cause.getClass().getSimpleName() + ")";
	}

	/** What this node knows about a job that it watches. */
	public Optional<Watch> watchOf(Job job) {
		return Optional.ofNullable(this.watches.get(job.id()));
	}

	/** Ends the watch of a job that is being forgotten. */
	public void cancel(Job job) {
		watchOf(job).ifPresent((watch) -> watch.end(Outcome.CANCELLED, null, this.clock.instant()));
	}

	/** From now on no job is claimed, and every loop ends at its next turn. */
	public void stop() {
		this.stopping = true;
	}

}
