package io.vedette.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.vedette.http.RetryAfter;
import io.vedette.job.Submissions.Intent;
import io.vedette.job.Submissions.Sent;
import io.vedette.provider.Account;
import io.vedette.provider.AccountName;
import io.vedette.provider.Answer;
import io.vedette.provider.Provider;
import io.vedette.provider.ProviderTables;
import io.vedette.provider.Providers;
import io.vedette.provider.Reason;
import io.vedette.provider.SubmitAnswer;
import io.vedette.schedule.Durations;
import io.vedette.schedule.SteadyClock;
import io.vedette.text.ForeignText;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * What {@code submit-jobs} asks: which job is sent next and when, and what came of it. A
 * job is sent once it is on disk that it is, and never again unless it is sure that its
 * provider has not taken it: nobody pays twice.
 */
@Component("submitter")
public class Submitter {

	/** How many jobs are sent to a provider at once. */
	private static final int MOST_SENDERS = 8;

	/** How many rows are read at once. */
	private static final int ROWS = 32;

	/** Who was frozen for longer may have lost its rows to others. */
	private static final Duration FRESH = Duration.ofSeconds(5);

	private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);

	private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

	private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

	private static final Logger logger = LoggerFactory.getLogger(Submitter.class);

	private final Map<AccountName, Deque<Job>> next = new ConcurrentHashMap<>();

	private final Map<AccountName, Quiet> quiet = new ConcurrentHashMap<>();

	private final Set<Sender> senders = ConcurrentHashMap.newKeySet();

	private final Providers providers;

	private final ProviderTables tables;

	private final Submissions submissions;

	private final Watchman watchman;

	private final Clock clock;

	private final SteadyClock steady;

	Submitter(Providers providers, ProviderTables tables, Submissions submissions, Watchman watchman, Clock clock,
			SteadyClock steady) {
		this.providers = providers;
		this.tables = tables;
		this.submissions = submissions;
		this.watchman = watchman;
		this.clock = clock;
		this.steady = steady;
	}

	/**
	 * As many new senders as there are jobs to submit and none that sends them, of each
	 * account a few at most.
	 */
	public synchronized List<Sender> senders() {
		Instant now = this.steady.instant();
		this.senders.removeIf((sender) -> sender.isOver() || sender.isLost(now));
		return this.watchman.isStopping() ? List.of() : this.submissions.providers()
			.stream()
			.filter(this.providers::knows)
			.filter(this.providers::canSubmit)
			.map(this.providers::get)
			.flatMap((provider) -> provider.accounts().stream().flatMap((account) -> senders(provider, account, now)))
			.toList();
	}

	private Stream<Sender> senders(Provider provider, Account account, Instant now) {
		int sending = (int) this.senders.stream().filter((sender) -> sender.account() == account).count();
		int free = account.isConfigured() ? MOST_SENDERS - sending : 0;
		int most = account.maxInFlight();
		int wanted = (free > 0) ? this.submissions.count(account.name(), MOST_SENDERS) - sending : 0;
		if (wanted > 0 && most > 0) {
			wanted = Math.min(wanted, most - this.submissions.inFlight(account.name()));
		}
		List<Sender> added = new ArrayList<>();
		for (int i = 0; i < Math.min(free, wanted); i++) {
			added.add(new Sender(provider, account, now));
		}
		this.senders.addAll(added);
		return added.stream();
	}

	/** Whether there may be another job to send. */
	public boolean goesOn(@Variable("sender") Sender sender) {
		if (this.watchman.isStopping()) {
			sender.end(this.steady.instant());
		}
		return !sender.isOver();
	}

	/** Milliseconds until the sender looks whether it may send, at least 1. */
	public long untilDue(@Variable("sender") Sender sender) {
		return Math.max(1, Duration.between(this.steady.instant(), sender.wakesAt()).plusNanos(999_999).toMillis());
	}

	/**
	 * Whether a job is to be sent now: the provider lets it through, and its row says
	 * that it is sent.
	 */
	public boolean maySend(@Variable("sender") Sender sender) {
		Instant now = this.steady.instant();
		try {
			return goesOn(sender) && hasJob(sender, now) && isOpen(sender, now) && begins(sender);
		}
		catch (DataAccessException | TransactionException ex) {
			// Its row may say that it is sent: the next turn finds out.
			sender.poll().end(now);
			sender.sleepUntil(now.plus(SHORTEST_WAIT));
			return false;
		}
	}

	private boolean hasJob(Sender sender, Instant now) {
		if (sender.getJob() == null) {
			next(sender.account().name()).ifPresentOrElse((job) -> sender.take(job, now), () -> sender.end(now));
		}
		return !sender.isOver();
	}

	private boolean isOpen(Sender sender, Instant now) {
		Instant until = quiet(sender).until();
		Duration sleep = until.isAfter(now) ? Duration.between(now, until) : sender.poll().await(now);
		sender.sleepUntil(now.plus(sleep));
		return sleep.isZero();
	}

	private boolean begins(Sender sender) {
		while (hasJob(sender, this.steady.instant())) {
			Instant sentAt = (sender.sentAt() != null) ? sender.sentAt() : this.submissions.moment();
			sender.intends(sentAt);
			Instant before = this.steady.instant();
			Intent intent = this.submissions.begin(sender.getJob(), sentAt, sender.account().maxInFlight());
			if (intent == Intent.BEGUN && this.steady.instant().isBefore(before.plus(FRESH))) {
				return true;
			}
			if (intent == Intent.BEGUN) {
				// After a freeze others may have spoken of it; it was not sent.
				this.submissions.again(sender.getJob(), sentAt, Duration.ZERO, null);
			}
			sender.rest();
			if (intent == Intent.FULL) {
				sender.end(this.steady.instant());
			}
		}
		return false;
	}

	/** The next job of an account that no sender has, the oldest first. */
	private synchronized Optional<Job> next(AccountName account) {
		Deque<Job> rows = this.next.computeIfAbsent(account, (name) -> new ArrayDeque<>());
		if (rows.isEmpty()) {
			Set<Long> taken = taken();
			this.submissions.waiting(account, ROWS + taken.size())
				.stream()
				.filter((job) -> !taken.contains(job.id()))
				.forEach(rows::add);
		}
		return Optional.ofNullable(rows.poll());
	}

	private Set<Long> taken() {
		Set<Long> taken = ConcurrentHashMap.newKeySet();
		this.senders.forEach((sender) -> Optional.ofNullable(sender.getJob()).ifPresent((job) -> taken.add(job.id())));
		return taken;
	}

	/** Says why a call broke, without a word of the reply, and whether it was one. */
	public void broken(@ExchangeException Exception fault, Exchange exchange) {
		boolean notSent = SentOrNot.isNotSent(fault);
		exchange.setVariable("answer", (notSent ? SubmitAnswer.AGAIN : SubmitAnswer.UNKNOWN).label());
		exchange.setVariable("warning", this.watchman.describe(fault));
	}

	/**
	 * Writes down what came of sending a job.
	 * @return what is left to do for it: its watch, or the settlement of its failure
	 */
	public List<Watch> settle(@Variable("sender") Sender sender, Exchange exchange) {
		Sender.Result result = result(sender, exchange);
		Job job = sender.getJob();
		return switch (result.type()) {
			case ACCEPTED -> accept(sender, job.submitted(result.jobId(), this.submissions.moment()));
			case FAILED -> List.of(this.watchman.refused(job, result.answer()));
			case THROTTLED, REFUSED, AGAIN -> again(sender, result);
			case UNKNOWN -> this.tables.isIdempotent(job.provider()) ? again(sender, result)
					: unknown(sender, result.answer().reason());
		};
	}

	/** Read once: the database may have it settled again later. */
	private Sender.Result result(Sender sender, Exchange exchange) {
		Sender.Result known = exchange.getVariable("result", Sender.Result.class);
		if (known != null) {
			return known;
		}
		Sender.Result result = read(exchange);
		exchange.setVariable("result", result);
		Instant now = this.steady.instant();
		this.watchman.tellProvider(sender.account().name(), sender.poll(), result.answer(), now);
		this.quiet.merge(sender.account().name(), new Quiet(0, Instant.MIN).after(result.type(), now),
				(before, first) -> before.after(result.type(), now));
		return result;
	}

	private Sender.Result read(Exchange exchange) {
		SubmitAnswer type = SubmitAnswer.of(exchange.getVariable("answer", String.class));
		String jobId = exchange.getVariable("newJobId", String.class);
		String warning = exchange.getVariable("warning", String.class);
		if (type == SubmitAnswer.ACCEPTED && !Job.isId(jobId)) {
			type = SubmitAnswer.UNKNOWN;
			warning = "the reply names no id that can be one";
		}
		Duration wait = RetryAfter.parse(exchange.getVariable("retryAfter", String.class), this.clock.instant(),
				LONGEST_RETRY_AFTER);
		Answer answer = Answer.read(type.toOthers(), exchange.getMessage().getBody(), wait, Integer.MAX_VALUE);
		Reason said = answer.reason();
		if (warning != null && (said == null || said.message() == null)) {
			answer = Answer.of(answer.type(),
					new Reason(
							(said != null && said.code() != null) ? said.code()
									: (type == SubmitAnswer.UNKNOWN) ? "no-answer" : "not-sent",
							ForeignText.printable(warning)),
					wait);
		}
		return new Sender.Result(type, jobId, answer);
	}

	private List<Watch> accept(Sender sender, Job job) {
		boolean here = this.watchman.takePlace(job.accountName());
		boolean accepted = false;
		try {
			accepted = this.submissions.accept(job, sender.sentAt(), here);
		}
		finally {
			if (here && !accepted) {
				this.watchman.freePlace(job.accountName());
			}
		}
		if (accepted) {
			return here ? this.watchman.beginSubmitted(job).stream().toList() : List.of();
		}
		logger.warn("{}: the provider names the job {}, which is known already or has been forgotten meanwhile",
				sender.getJob(), ForeignText.printable(job.jobId()));
		return unknown(sender, new Reason("known-id", "the provider names the id %s, which another request has already"
			.formatted(ForeignText.printable(job.jobId()))));
	}

	private List<Watch> again(Sender sender, Sender.Result result) {
		Duration backOff = SHORTEST_WAIT.multipliedBy(1L << Math.min(6, this.submissions.tries(sender.getJob())));
		Duration wait = Durations.longer(Durations.shorter(backOff, LONGEST_WAIT), result.answer().retryAfter());
		this.submissions.again(sender.getJob(), sender.sentAt(), wait, result.answer().reason());
		return List.of();
	}

	private List<Watch> unknown(Sender sender, Reason reason) {
		if (this.submissions.unconfirmed(sender.getJob(), sender.sentAt(), reason)) {
			logUnknown(sender.getJob(), reason);
		}
		return List.of();
	}

	private static void logUnknown(Job job, Reason reason) {
		logger.atWarn()
			.addKeyValue(Job.LOG_KEY, job)
			.log("{}: sent, and nobody knows whether the provider has taken it ({}). Decide with POST /requests/{}/submit-again, /attach or /abandon.",
					job, reason.message(), job.encodedRequestId());
	}

	/**
	 * Begins a sender, with nothing of the job that has ended and made room: it may be
	 * another provider's.
	 */
	public void begin(@Body Sender sender, Exchange exchange) {
		Exchanges.startAfresh(exchange);
		prepare(sender, exchange);
	}

	/** What the sender had is settled; it may take the next job. */
	public void rest(@Variable("sender") Sender sender, Exchange exchange) {
		Exchanges.clear(exchange);
		prepare(sender, exchange);
		sender.rest();
	}

	private static void prepare(Sender sender, Exchange exchange) {
		exchange.setVariable("sender", sender);
		exchange.setVariable("provider", sender.getProvider().name());
		Exchanges.empty(exchange);
	}

	/** After a fault of Vedette's own nobody knows what came of the job. */
	public void fault(@Variable("sender") Sender sender, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception fault) {
		logger.error("{}: a fault in the routes; what was sent is unconfirmed", sender.getJob(), fault);
		sender.rest();
		sender.end(this.steady.instant());
	}

	/**
	 * Looks for jobs whose sender is no more: its node stopped, was killed or is silent.
	 * Whether they were taken is known only where the provider knows each request: then
	 * they are sent again.
	 */
	public void findLost() {
		List<Sent> own = this.submissions.own();
		Set<Long> held = taken();
		held.addAll(this.watchman.held());
		Stream
			.concat(own.stream().filter((sent) -> !held.contains(sent.job().id())), this.submissions.ofLost().stream())
			.forEach(this::settleLost);
	}

	/** The same for nodes whose row somebody has deleted. */
	public void findOrphans() {
		this.submissions.orphans().forEach(this::settleLost);
	}

	private void settleLost(Sent sent) {
		if (this.tables.isIdempotent(sent.job().provider())) {
			this.submissions.again(sent.job(), sent.at(), Duration.ZERO, null);
		}
		else if (this.submissions.lost(sent)) {
			logUnknown(sent.job(), new Reason(null, "its node stopped"));
		}
	}

	private Quiet quiet(Sender sender) {
		return this.quiet.getOrDefault(sender.account().name(), new Quiet(0, Instant.MIN));
	}

	/**
	 * How long nothing is submitted with an account's key: the more jobs in a row of
	 * which nobody knows, the longer, for each of them is one that a person has to
	 * decide.
	 */
	private record Quiet(int inARow, Instant until) {

		Quiet after(SubmitAnswer answer, Instant now) {
			if (answer != SubmitAnswer.UNKNOWN) {
				return new Quiet(0, Instant.MIN);
			}
			Duration pause = (this.inARow == 0) ? Duration.ZERO : Durations
				.shorter(SHORTEST_WAIT.multipliedBy(1L << Math.min(10, this.inARow)), LONGEST_RETRY_AFTER);
			return new Quiet(this.inARow + 1, now.plus(pause));
		}

	}

}
