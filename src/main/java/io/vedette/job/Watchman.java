package io.vedette.job;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vedette.http.RetryAfter;
import io.vedette.job.JobStore.Registered;
import io.vedette.provider.Account;
import io.vedette.provider.AccountName;
import io.vedette.provider.AccountsReloaded;
import io.vedette.provider.Answer;
import io.vedette.provider.AnswerClass;
import io.vedette.provider.Caller;
import io.vedette.provider.Provider;
import io.vedette.provider.Providers;
import io.vedette.provider.Reason;
import io.vedette.provider.WaitingPoll;
import io.vedette.schedule.Durations;
import io.vedette.schedule.SteadyClock;
import io.vedette.text.ForeignText;
import io.vedette.trace.Span;
import io.vedette.trace.Traces;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
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

	/** Of a registration whose batches change meanwhile. */
	private static final int MOST_TRIES = 10;

	/** Jobs of an account that are claimed at a time. */
	private static final int PART = 500;

	/** Places that go from callers to others at a time. */
	private static final int MOST_MOVED = 1000;

	private static final String UNSTORABLE = "unstorable";

	/** How MongoDB's extended JSON writes an id. */
	private static final Pattern OBJECT_ID = Pattern.compile("\\{\\s*\"\\$oid\"\\s*:\\s*\"([^\"]*)\"\\s*\\}");

	private static final Logger logger = LoggerFactory.getLogger(Watchman.class);

	private static final Logger finished = LoggerFactory.getLogger("io.vedette.job.finished");

	private final Map<Long, Watch> watches = new ConcurrentHashMap<>();

	private final Providers providers;

	private final JobStore jobs;

	private final Places places;

	private final Clock clock;

	private final SteadyClock steady;

	private final JobMeters meters;

	private final Traces traces;

	private final ApplicationEventPublisher publisher;

	private volatile boolean stopping;

	/** Rows of jobs that the last run under this name was watching. */
	private final Queue<Long> left = new ConcurrentLinkedQueue<>();

	/** Accounts that are not configured, and of which jobs wait. */
	private volatile Set<AccountName> missing = Set.of();

	Watchman(Providers providers, JobStore jobs, Places places, Clock clock, SteadyClock steady, JobMeters meters,
			Traces traces, ApplicationEventPublisher publisher) {
		this.providers = providers;
		this.jobs = jobs;
		this.places = places;
		this.clock = clock;
		this.steady = steady;
		this.meters = meters;
		this.traces = traces;
		this.publisher = publisher;
	}

	/**
	 * Stores job requests, each job once, and begins to watch those that it has places
	 * for; the others wait as rows.
	 * @return what became of each, in the same order
	 */
	public List<Registered> register(List<JobRequest> requests) {
		Map<AccountName, Integer> taken = new HashMap<>();
		if (!this.stopping) {
			requests.stream()
				.filter((request) -> !request.submits())
				.forEach((request) -> taken.merge(request.accountName(), 1, Integer::sum));
		}
		taken.replaceAll(this.places::takeForNew);
		List<Job> own = List.of();
		try {
			List<Registered> registered = store(requests, taken);
			own = registered.stream().filter(Registered::isOwn).map((one) -> one.row().job()).toList();
			own.forEach(this::begin);
			return registered;
		}
		finally {
			freeUnused(taken, own);
		}
	}

	/**
	 * Batches may be sealed, or filled, by others meanwhile: then they are looked at
	 * anew.
	 */
	private List<Registered> store(List<JobRequest> requests, Map<AccountName, Integer> places) {
		for (int left = MOST_TRIES - 1;; left--) {
			try {
				return this.jobs.register(requests, places);
			}
			catch (BatchChangedException ex) {
				if (left == 0) {
					throw ex;
				}
			}
		}
	}

	/** Has jobs watched that are this node's already, before any that wait. */
	void takeUp(Collection<Long> ids) {
		ids.stream().sorted().forEach(this.left::add);
	}

	/**
	 * Begins to watch jobs that wait, first those of the accounts of which it watches the
	 * fewest. Those of an account that is not configured go on waiting. Jobs are claimed
	 * a part at a time, as they are taken from here, so that the first is asked before
	 * the last is read.
	 * @param most how many of each account
	 */
	public Iterator<Watch> claim(int most) {
		if (this.stopping) {
			return Collections.emptyIterator();
		}
		this.jobs.releaseLost();
		Set<AccountName> waiting = this.jobs.waitingProviders()
			.stream()
			.filter(this.providers::knows)
			.flatMap((provider) -> this.jobs.freeAccounts(provider, JobStatus.WATCHING).stream())
			.collect(Collectors.toSet());
		warnOfMissing(waiting);
		waiting.stream().filter((account) -> this.places.free(account) <= 0).forEach(this::makeRoom);
		Stream<List<Job>> own = Stream.generate(this::partOfLeft)
			.takeWhile((ids) -> !this.stopping && !ids.isEmpty())
			.map(this::own);
		Stream<List<Job>> claimed = Stream.generate(() -> this.stopping ? List.<Job>of() : claim(waiting))
			.limit(most / PART)
			.takeWhile((part) -> !part.isEmpty());
		return new UntilFailure<>(Stream.concat(own, claimed)
			.flatMap(List::stream)
			.map(this::begin)
			.flatMap(Optional::stream)
			.iterator());
	}

	private List<Long> partOfLeft() {
		return Stream.generate(this.left::poll).limit(PART).takeWhile(Objects::nonNull).toList();
	}

	/** What has no place, or no account that is configured, waits as others do. */
	private List<Job> own(List<Long> ids) {
		Map<Boolean, List<Job>> jobs = this.jobs.own(ids)
			.stream()
			.collect(Collectors.partitioningBy((job) -> isConfigured(job.accountName())
					&& this.places.takeForOld(job.accountName(), 1, false) == 1));
		List<Job> placed = jobs.get(true);
		try {
			release(jobs.get(false));
		}
		catch (RuntimeException ex) {
			placed.forEach((job) -> this.places.giveBack(job.accountName(), 1));
			throw ex;
		}
		return placed;
	}

	private void release(List<Job> jobs) {
		if (!jobs.isEmpty()) {
			this.jobs.release(jobs.stream().map(Job::id).toList());
		}
	}

	private boolean isConfigured(AccountName account) {
		return this.providers.knows(account.provider()) && this.providers.get(account).isConfigured();
	}

	private List<Job> claim(Set<AccountName> waiting) {
		Map<AccountName, Integer> taken = new LinkedHashMap<>();
		this.providers.accounts()
			.stream()
			.map(Account::name)
			.sorted(Comparator.comparing(this.places::taken))
			.forEach((account) -> taken.put(account, takeForWaiting(account, waiting.contains(account) ? PART : 0)));
		taken.values().removeIf((count) -> count == 0);
		List<Job> claimed = List.of();
		try {
			claimed = taken.isEmpty() ? List.of() : this.jobs.claim(taken, this.places::callers);
			return claimed;
		}
		finally {
			freeUnused(taken, claimed);
		}
	}

	/**
	 * Has jobs wait again of callers that have more than their part of the places, where
	 * there are others whose jobs wait: those whose next poll is worth least. Their loops
	 * end at their next turns, and ask nothing meanwhile.
	 */
	private void makeRoom(AccountName account) {
		Set<Long> ids = leastWorth(account, this.jobs.inTheWay(account, this.places.callers(account), MOST_MOVED));
		if (!ids.isEmpty()) {
			abandon(ids);
			this.jobs.release(ids);
		}
	}

	/**
	 * Of those that are not being asked for now.
	 * @param counts how many of each caller
	 */
	private Set<Long> leastWorth(AccountName account, Map<Caller, Integer> counts) {
		if (counts.isEmpty()) {
			return Set.of();
		}
		Instant now = this.steady.instant();
		return this.watches.values()
			.stream()
			.filter((watch) -> watch.account().name().equals(account) && watch.getOutcome() == null
					&& watch.wakesAt().isAfter(now) && counts.containsKey(watch.caller()))
			.collect(Collectors.groupingBy(Watch::caller))
			.entrySet()
			.stream()
			.flatMap((entry) -> entry.getValue()
				.stream()
				.map((watch) -> Map.entry(watch.getJob().id(), watch.worth(now)))
				.sorted(Map.Entry.comparingByValue())
				.limit(counts.get(entry.getKey())))
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
	}

	/**
	 * Places for those that wait and no more: jobs handed in meanwhile need some as well.
	 */
	private int takeForWaiting(AccountName account, int most) {
		if (most == 0) {
			return this.places.takeForOld(account, 0, false);
		}
		int free = Math.min(most, this.places.free(account));
		int waiting = (free > 0) ? (int) this.jobs.free(account, JobStatus.WATCHING, free + 1) : 0;
		return (free > 0) ? this.places.takeForOld(account, Math.min(waiting, free), waiting > free) : 0;
	}

	/** Once an account, until it is configured or none of its jobs is left. */
	private void warnOfMissing(Set<AccountName> waiting) {
		Set<AccountName> now = waiting.stream()
			.filter((account) -> !this.providers.get(account).isConfigured())
			.collect(Collectors.toSet());
		now.stream()
			.filter((account) -> !this.missing.contains(account))
			.forEach((account) -> logger.warn(
					"{}: jobs of this account wait, and it is not configured here; they are asked with no other key. Add vedette.providers.{}.accounts.{} and POST /accounts/reload, or forget them.",
					account, account.provider(), account.name()));
		this.missing = now;
	}

	private void freeUnused(Map<AccountName, Integer> taken, List<Job> used) {
		Map<AccountName, Integer> unused = new HashMap<>(taken);
		used.forEach((job) -> unused.merge(job.accountName(), -1, Integer::sum));
		unused.forEach(this.places::giveBack);
	}

	/**
	 * Begins to watch a job, at its first scheduled age that has not passed; one that may
	 * have missed a poll is asked earlier, but not together with all others.
	 * @return its watch, or empty if it is watched already
	 */
	private Optional<Watch> begin(Job job) {
		Instant now = this.steady.instant();
		Duration age = Duration.between(job.registeredAt(), this.clock.instant());
		// Another node's clock, or this one's when it was registered, may have been
		// ahead.
		Watch watch = new Watch(job, this.providers.get(job.provider()), span(job),
				age.isNegative() ? Duration.ZERO : age, now);
		Instant next = Patience.nextPoll(watch, now);
		if (Patience.isTooOld(watch, now)) {
			next = now;
		}
		else if (watch.age(now).compareTo(watch.schedule().nextAge(Duration.ZERO)) > 0) {
			Duration rest = Durations.shorter(Duration.between(now, next), watch.provider().settings().maxDelay());
			next = now.plus(scaled(rest, ThreadLocalRandom.current().nextDouble()));
		}
		watch.pollAt(next);
		this.places.begun(job);
		if (this.watches.putIfAbsent(job.id(), watch) != null) {
			this.places.ended(job);
			this.places.giveBack(job.accountName(), 1);
			return Optional.empty();
		}
		return Optional.of(watch);
	}

	/** One span a watch, with its polls as events: it goes on as long as they do. */
	private Span span(Job job) {
		return this.traces.begin("watch " + job.provider(), Span.Kind.CLIENT, job.traceparent())
			.set(Job.LOG_KEY, job.toString());
	}

	/**
	 * Begins to watch a job that has just been submitted; it must be this node's, and
	 * have taken a place.
	 */
	Optional<Watch> beginSubmitted(Job job) {
		return begin(job);
	}

	/** Takes a place for a job that is being submitted, if there is one. */
	boolean takePlace(AccountName account) {
		return !this.stopping && this.places.takeForNew(account, 1) == 1;
	}

	/** Gives it back. */
	void freePlace(AccountName account) {
		this.places.giveBack(account, 1);
	}

	/**
	 * The watch of a job that its provider would not take: it has ended before it began.
	 */
	Watch refused(Job job, Answer answer) {
		Watch watch = new Watch(job, this.providers.get(job.provider()), span(job), Duration.ZERO,
				this.steady.instant());
		watch.fail(answer, this.clock.instant());
		if (this.watches.putIfAbsent(job.id(), watch) == null) {
			this.places.begun(job);
			this.places.giveBack(job.accountName(), -1);
		}
		return watch;
	}

	/** Whether this node stops. */
	boolean isStopping() {
		return this.stopping;
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
		watch.asked(now);
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
			logger.atWarn()
				.addKeyValue(Job.LOG_KEY, watch.getJob())
				.log("{}: {}; counts as {}, Vedette asks again", watch.getJob(), ForeignText.printable(doubt),
						answer.type());
		}
		watch.heard(answer, words(answer, status, doubt), now);
		tellProvider(watch, answer, now);
		Patience.judge(watch, now, this.clock.instant());
		this.meters.heard(watch, now);
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
		tellProvider(watch.account().name(), watch.poll(), answer, now);
	}

	/** The same for a request that was no poll. */
	void tellProvider(AccountName account, WaitingPoll poll, Answer answer, Instant now) {
		boolean turned = poll.hear(answer, now);
		if (turned && answer.type() == AnswerClass.REFUSED) {
			logger.warn("{} refuses: {}. All its jobs wait, one asks again every minute. Check the key and the quota.",
					account, ForeignText.printable(String.valueOf(answer.reason())));
			this.publisher
				.publishEvent(new ProviderTurn(account, Objects.requireNonNullElse(answer.reason(), Reason.NONE)));
		}
		else if (turned && answer.type() == AnswerClass.UNAVAILABLE) {
			logger.warn("{} does not answer, one job after the other. All wait, one asks again every now and then.",
					account);
		}
		else if (turned) {
			logger.warn("{} answers again: its jobs go on", account);
			this.publisher.publishEvent(new ProviderTurn(account, null));
		}
	}

	private static Duration scaled(Duration duration, double factor) {
		return Duration.ofNanos((long) (duration.toNanos() * factor));
	}

	/** Says how a job ended, once that is stored. */
	public void finished(@Variable("watch") Watch watch) {
		this.meters.settled(watch);
		finished.atInfo()
			.addKeyValue(Job.LOG_KEY, watch.getJob())
			.log("{} {}, {} faces, {} polls", watch.getJob(), watch.getOutcome(), watch.getAnswer().faces().size(),
					watch.getPolls());
	}

	/** Forgets a watch that is over. */
	public void end(@Variable("watch") Watch watch) {
		watch.poll().end(this.steady.instant());
		remove(watch);
	}

	private void remove(Watch watch) {
		if (this.watches.remove(watch.getJob().id(), watch)) {
			this.places.ended(watch.getJob());
			this.places.giveBack(watch.account().name(), 1);
		}
	}

	/**
	 * Gives a job back, unless somebody else watches it already. When Vedette stops, all
	 * are given back together.
	 */
	public void handBack(@Variable("watch") Watch watch) {
		if (!this.stopping && this.watches.get(watch.getJob().id()) == watch) {
			this.jobs.release(List.of(watch.getJob().id()));
		}
	}

	/** How many jobs of an account this node watches now. */
	public int watching(Account account) {
		return this.places.taken(account.name());
	}

	/** The same for all accounts of a provider. */
	public int watching(Provider provider) {
		return provider.accounts().stream().mapToInt(this::watching).sum();
	}

	/**
	 * Hands the jobs back of accounts that are configured no longer: they wait until one
	 * is again. Their loops end at their next turns, and ask nothing meanwhile.
	 */
	@EventListener
	void handBackMissing(AccountsReloaded event) {
		this.watches.values()
			.stream()
			.filter((watch) -> !watch.account().isConfigured())
			.forEach((watch) -> watch.end(Outcome.HANDED_BACK, null, this.clock.instant()));
	}

	/** Rows of the jobs that this node watches now, or is about to. */
	public Set<Long> held() {
		return Stream.concat(this.left.stream(), this.watches.keySet().stream()).collect(Collectors.toSet());
	}

	/**
	 * Ends the watches of jobs that are no longer this node's.
	 * @param ids their rows
	 */
	public void abandon(Set<Long> ids) {
		ids.forEach((id) -> {
			Watch watch = this.watches.get(id);
			// One that was refused is no job to watch, and about to be settled.
			if (watch != null && watch.getJob().jobId() != null) {
				remove(watch);
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
		logger.atError()
			.addKeyValue(Job.LOG_KEY, watch.getJob())
			.log("{}: the database refuses its outcome (SQLSTATE {}); the job ends as failed", watch.getJob(), state);
		watch.failUnstorable(new Reason(UNSTORABLE,
				"the database refuses the provider's answer (SQLSTATE %s); it is dropped".formatted(state)));
	}

	/** Ends a watch after a fault of Vedette's own in its loop. */
	public void breakOff(@Variable("watch") Watch watch, @ExchangeException Exception fault) {
		tellOfFault(watch, fault);
		watch.end(Outcome.HANDED_BACK, null, this.clock.instant());
	}

	/**
	 * Gives a job back after a fault of Vedette's own, for the timer to pick up again.
	 */
	public void fault(@Variable("watch") Watch watch, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception fault) {
		tellOfFault(watch, fault);
		end(watch);
		this.jobs.release(List.of(watch.getJob().id()));
	}

	private static void tellOfFault(Watch watch, Exception fault) {
		logger.atError()
			.addKeyValue(Job.LOG_KEY, watch.getJob())
			.setCause(fault)
			.log("{}: a fault in the routes; the job is handed back and watched again", watch.getJob());
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
			String name = cause.getClass().getSimpleName();
			return (cause.getMessage() == null) ? name : ForeignText.printable(name + ": " + cause.getMessage());
		}
		return "the reply is not what the API's page describes (" + cause.getClass().getSimpleName() + ")";
	}

	/** What this node knows about a job that it watches. */
	public Optional<Watch> watchOf(Job job) {
		return Optional.ofNullable(this.watches.get(job.id()));
	}

	/** When the provider is asked next for a job, if that is known by now. */
	public Optional<Instant> nextPollAt(Watch watch) {
		return Optional.ofNullable(watch.wakesAt())
			.map((wakesAt) -> this.clock.instant().plus(Duration.between(this.steady.instant(), wakesAt)));
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
