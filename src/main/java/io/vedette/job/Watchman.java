package io.vedette.job;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vedette.http.RetryAfter;
import io.vedette.provider.Answer;
import io.vedette.provider.AnswerClass;
import io.vedette.provider.ForeignText;
import io.vedette.provider.Provider;
import io.vedette.provider.Providers;
import io.vedette.provider.Reason;
import io.vedette.schedule.SteadyClock;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;

/**
 * What the loop in {@code poll-until-terminal} asks: whether to go on, how long to wait,
 * and what an answer means.
 */
@Component("watchman")
public class Watchman {

	/** A provider's Retry-After is believed up to here. */
	private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);

	private static final String UNSTORABLE = "unstorable";

	/** How MongoDB's extended JSON writes an id. */
	private static final Pattern OBJECT_ID = Pattern.compile("\\{\\s*\"\\$oid\"\\s*:\\s*\"([^\"]*)\"\\s*\\}");

	private static final Logger logger = LoggerFactory.getLogger(Watchman.class);

	private final Map<Long, Watch> watches = new ConcurrentHashMap<>();

	private final Providers providers;

	private final JobStore jobs;

	private final Clock clock;

	private final SteadyClock steady;

	private volatile boolean stopping;

	Watchman(Providers providers, JobStore jobs, Clock clock, SteadyClock steady) {
		this.providers = providers;
		this.jobs = jobs;
		this.clock = clock;
		this.steady = steady;
	}

	/**
	 * Jobs that have no owner, or one that is no longer seen; now they are this node's.
	 */
	public List<Job> claim(int limit) {
		if (this.stopping) {
			return List.of();
		}
		return this.jobs.claim(this.providers.names(), limit);
	}

	/**
	 * Begins to watch a job, at its first scheduled age that has not passed; one that may
	 * have missed a poll is asked earlier, but not together with all others.
	 */
	public Watch begin(@Body Job job) {
		Instant now = this.steady.instant();
		Duration age = Duration.between(job.registeredAt(), this.clock.instant());
		// Another node's clock, or this one's when it was registered, may have been
		// ahead.
		Watch watch = new Watch(job, this.providers.get(job.provider()), age.isNegative() ? Duration.ZERO : age, now);
		Instant next = Patience.nextPoll(watch, now);
		if (Patience.isTooOld(watch, now)) {
			next = now;
		}
		else if (watch.age(now).compareTo(watch.provider().schedule().nextAge(Duration.ZERO)) > 0) {
			Duration rest = shorter(Duration.between(now, next), watch.provider().settings().maxDelay());
			next = now.plus(scaled(rest, ThreadLocalRandom.current().nextDouble()));
		}
		watch.pollAt(next);
		if (this.watches.putIfAbsent(job.id(), watch) != null) {
			watch.end(Outcome.HANDED_BACK, null, this.clock.instant());
		}
		return watch;
	}

	/** Whether the job still has to be asked for. */
	boolean goesOn(Watch watch) {
		if (this.stopping) {
			watch.end(Outcome.HANDED_BACK, null, this.clock.instant());
		}
		return watch.getOutcome() == null;
	}

	/**
	 * Milliseconds until the job's schedule wants the next poll, or the provider may let
	 * it through: at least 1, for a delay of 0 would ask on the caller's thread.
	 */
	long untilDue(Watch watch) {
		return Math.max(1, Duration.between(this.steady.instant(), watch.wakesAt()).plusNanos(999_999).toMillis());
	}

	/**
	 * Whether the poll may be sent now: the job may be over meanwhile, the provider may
	 * be paused, or others may go first.
	 */
	boolean mayAsk(Watch watch) {
		if (!goesOn(watch)) {
			return false;
		}
		Instant now = this.steady.instant();
		Duration sleep = watch.poll().await(now);
		if (!sleep.isZero()) {
			watch.sleepUntil(now.plus(sleep));
			return false;
		}
		watch.asked(now, this.clock.instant());
		return true;
	}

	/**
	 * Takes in what an {@code ask-} route made of the reply.
	 * @param name the answer's class
	 * @param body the answer, see {@link Answer}
	 * @param retryAfter the header of that name, or null
	 * @param replyId which job the reply is about, or null
	 * @param warning what a person should see, or null
	 * @param status the provider's own word for how the job is, or null
	 */
	void hear(Watch watch, String name, Object body, String retryAfter, String replyId, String warning, String status) {
		Instant now = this.steady.instant();
		Answer answer = Answer.read(AnswerClass.of(name), body,
				RetryAfter.parse(retryAfter, this.clock.instant(), LONGEST_RETRY_AFTER),
				watch.provider().settings().maxFaces());
		String doubt = warning;
		if (!isAbout(watch.getJob(), replyId)) {
			answer = Answer.of(AnswerClass.UNAVAILABLE, null, answer.retryAfter());
			doubt = "the reply is about another job";
		}
		else if (doubt == null && answer.type() == AnswerClass.UNAVAILABLE) {
			doubt = "the provider answers with code " + ((answer.reason() != null) ? answer.reason().code() : null);
		}
		if (doubt != null && watch.firstOf(answer.type())) {
			logger.warn("{}: {}; counts as {}, Vedette asks again", watch.getJob(), ForeignText.printable(doubt),
					answer.type());
		}
		watch.heard(answer, words(answer, status, doubt), now);
		tellProvider(watch, answer, now);
		Patience.judge(watch, now, this.clock.instant());
		if (watch.getOutcome() == null) {
			watch.pollAt(Patience.nextPoll(watch, now));
		}
	}

	/** Whether a reply is about this job: ids are compared as people would. */
	private static boolean isAbout(Job job, String replyId) {
		if (replyId == null || replyId.isBlank() || replyId.equals(job.jobId())) {
			return true;
		}
		Matcher object = OBJECT_ID.matcher(replyId.trim());
		String id = object.matches() ? object.group(1) : replyId;
		return id.trim().equalsIgnoreCase(job.jobId().trim());
	}

	private static String words(Answer answer, String status, String doubt) {
		String said = (status != null && !status.isBlank()) ? "status '" + status.trim() + "'" : doubt;
		return answer.type().label() + ((said != null) ? " (" + ForeignText.printable(said) + ")" : "");
	}

	private void tellProvider(Watch watch, Answer answer, Instant now) {
		Provider provider = watch.provider();
		boolean turned = watch.poll().hear(answer, now);
		if (turned && answer.type() == AnswerClass.REFUSED) {
			logger.warn("{} refuses: {}. All its jobs wait, one asks again every minute. Check the key and the quota.",
					provider.name(), ForeignText.printable(String.valueOf(answer.reason())));
		}
		else if (turned && answer.type() == AnswerClass.UNAVAILABLE) {
			logger.warn("{} does not answer, one job after the other. All wait, one asks again every now and then.",
					provider.name());
		}
		else if (turned) {
			logger.warn("{} answers again: its jobs go on", provider.name());
		}
	}

	private static Duration scaled(Duration duration, double factor) {
		return Duration.ofNanos((long) (duration.toNanos() * factor));
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	/** Forgets a watch that is over. */
	public void end(@Variable("watch") Watch watch) {
		watch.poll().end(this.steady.instant());
		this.watches.remove(watch.getJob().id(), watch);
	}

	/** Gives a job back, unless somebody else watches it already. */
	public void handBack(@Variable("watch") Watch watch) {
		if (this.watches.get(watch.getJob().id()) == watch) {
			this.jobs.release(List.of(watch.getJob().id()));
		}
	}

	/** How many jobs of a provider this node watches now. */
	public long watching(Provider provider) {
		return this.watches.values().stream().filter((watch) -> watch.provider() == provider).count();
	}

	/** Rows of the jobs that this node watches now. */
	public Set<Long> held() {
		return Set.copyOf(this.watches.keySet());
	}

	/**
	 * Ends the watches of jobs that are no longer this node's.
	 * @param ids their rows
	 */
	public void abandon(Set<Long> ids) {
		ids.forEach((id) -> {
			Watch watch = this.watches.remove(id);
			if (watch != null) {
				watch.end(Outcome.HANDED_BACK, null, this.clock.instant());
			}
		});
	}

	/**
	 * Ends the watches that nobody looks after any more: whatever their loops ran into,
	 * it took the threads with it.
	 * @return rows of their jobs, which are still this node's
	 */
	public Set<Long> endLost() {
		Instant now = this.steady.instant();
		List<Watch> lost = this.watches.values().stream().filter((watch) -> watch.isLost(now)).toList();
		lost.forEach((watch) -> {
			watch.end(Outcome.HANDED_BACK, null, this.clock.instant());
			end(watch);
		});
		return lost.stream().map((watch) -> watch.getJob().id()).collect(Collectors.toSet());
	}

	/**
	 * Has a job fail whose outcome no database will ever hold.
	 * @throws DataIntegrityViolationException if it can't be stored as failed either
	 */
	public void failUnstorable(@Variable("watch") Watch watch,
			@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) DataIntegrityViolationException refusal) {
		if (watch.getReason() != null && watch.getReason().code().equals(UNSTORABLE)) {
			throw refusal;
		}
		String state = (refusal.getRootCause() instanceof SQLException cause) ? cause.getSQLState() : null;
		// The message may quote the row.
		logger.error("{}: the database refuses its outcome (SQLSTATE {}); the job ends as failed", watch.getJob(),
				state);
		watch.failUnstorable(new Reason(UNSTORABLE,
				"the database refuses the provider's answer (SQLSTATE %s); it is dropped".formatted(state)));
	}

	/**
	 * Gives a job back after a fault of Vedette's own, for the timer to pick up again.
	 */
	public void fault(@Variable("watch") Watch watch, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception fault) {
		logger.error("{}: a fault in the routes; the job is handed back and watched again", watch.getJob(), fault);
		end(watch);
		this.jobs.release(List.of(watch.getJob().id()));
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
			return ForeignText.printable(cause.getClass().getSimpleName() + ": " + cause.getMessage());
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
