package io.vedette.job;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;

import io.vedette.job.JobStore.JobRow;
import io.vedette.node.Node;
import io.vedette.provider.AccountName;
import io.vedette.provider.Reason;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * The rows of jobs that are being submitted. A row says that its job is sent before it
 * is, by the moment {@code sent_at}, which also tells one attempt from the next: whatever
 * became of the row meanwhile, what comes of an attempt is written down where it belongs.
 */
@Repository
public class Submissions {

	/**
	 * A row that says that it was sent is not sent again: its attempt is over, or not.
	 */
	private static final String OF_ATTEMPT = " where id = :id and sent_at = :sentAt and status in ('SUBMITTING', 'UNCONFIRMED')";

	/** Of the rows of an account those whose jobs have not ended: others stay behind. */
	private static final String IN_FLIGHT = """
			 from in_flight f join job j on j.id = f.job where f.account = :account
			and (j.status = 'WATCHING' or j.status = 'SUBMITTING' and j.sent_at is not null)
			""";

	private static final Reason NODE_LOST = new Reason("node-lost",
			"the node that sent it stopped before it had the reply");

	private final JdbcClient jdbc;

	private final BatchStore batches;

	private final Node node;

	private final Clock clock;

	private final ApplicationEventPublisher publisher;

	Submissions(JdbcClient jdbc, BatchStore batches, Node node, Clock clock, ApplicationEventPublisher publisher) {
		this.jdbc = jdbc;
		this.batches = batches;
		this.node = node;
		this.clock = clock;
		this.publisher = publisher;
	}

	/** What became of the intent to send a job. */
	enum Intent {

		/** It is on disk. */
		BEGUN,
		/** The job is somebody else's, or is not to be submitted any more. */
		TAKEN,
		/** As many jobs are in flight as may be. */
		FULL

	}

	/** The providers that have jobs to submit, now or later. */
	List<String> providers() {
		return JobStore.freeProviders(this.jdbc, JobStatus.SUBMITTING);
	}

	/**
	 * The jobs that may be submitted now, the oldest first. None of them is locked.
	 * @param most how many
	 */
	List<Job> waiting(AccountName account, int most) {
		return due("select " + JobStore.COLUMNS, "", account, most).query(JobStore::row)
			.list()
			.stream()
			.map(JobRow::job)
			.toList();
	}

	/**
	 * How many may be submitted now.
	 * @param most counts no further
	 */
	int count(AccountName account, int most) {
		return due("select count(*) from (select 1", ") as oldest", account, most).query(Integer.class).single();
	}

	private JdbcClient.StatementSpec due(String select, String end, AccountName account, int most) {
		return this.jdbc.sql(select + """
				 from job where owner is null and status = 'SUBMITTING' and provider = :provider
				and account = :account and due_at <= :now
				order by owner nulls first, status, provider, account, registered_at, id limit :most""" + end)
			.param("provider", account.provider())
			.param("account", account.name())
			.param("now", OffsetDateTime.now(this.clock))
			.param("most", most);
	}

	/** A moment as a row has it. */
	Instant moment() {
		return this.clock.instant().truncatedTo(ChronoUnit.MICROS);
	}

	/**
	 * Writes down that a job is about to be sent; the same again if it was not heard
	 * whether that is on disk.
	 * @param sentAt this attempt's moment
	 * @param most how many jobs of its account may be in flight, or 0
	 */
	@Transactional
	public Intent begin(Job job, Instant sentAt, int most) {
		if (most > 0 && !hasRoom(job, job.accountName().toString(), most)) {
			return Intent.FULL;
		}
		int updated = this.jdbc.sql("""
				update job set owner = :owner, sent_at = :sentAt
				where id = :id and status = 'SUBMITTING'
				and (owner is null and sent_at is null or owner = :owner and sent_at = :sentAt)
				""")
			.param("owner", this.node.name())
			.param("sentAt", SqlTime.of(sentAt))
			.param("id", job.id())
			.update();
		if (updated == 1 && most > 0) {
			addInFlight(job);
		}
		return (updated == 1) ? Intent.BEGUN : Intent.TAKEN;
	}

	/** Under a lock, so that all nodes count one after the other. */
	private boolean hasRoom(Job job, String account, int most) {
		// Whoever adds the row holds it until the end of that transaction: nobody counts
		// before it is seen.
		while (!locks(account)) {
			this.jdbc.sql("insert into submit_lock (account) values (:account) on conflict do nothing")
				.param("account", account)
				.update();
		}
		this.jdbc.sql("""
				delete from in_flight where account = :account and job not in (select f.job
				""" + IN_FLIGHT + ")").param("account", account).update();
		return this.jdbc.sql("select count(*) from in_flight where account = :account and job <> :job")
			.param("account", account)
			.param("job", job.id())
			.query(Integer.class)
			.single() < most;
	}

	private boolean locks(String account) {
		return this.jdbc.sql("select account from submit_lock where account = :account for update")
			.param("account", account)
			.query(String.class)
			.optional()
			.isPresent();
	}

	private void addInFlight(Job job) {
		this.jdbc.sql("insert into in_flight (job, account) values (:job, :account) on conflict do nothing")
			.param("job", job.id())
			.param("account", job.accountName().toString())
			.update();
	}

	/** How many jobs of an account are in flight, where that is bounded. */
	int inFlight(AccountName account) {
		return this.jdbc.sql("select count(*)" + IN_FLIGHT)
			.param("account", account.toString())
			.query(Integer.class)
			.single();
	}

	/**
	 * The provider has taken a job.
	 * @param here whether this node watches it from now on; else whoever has a place
	 * @return whether its row says so now: false if there is another job of that id, or
	 * somebody has decided otherwise
	 */
	boolean accept(Job job, Instant sentAt, boolean here) {
		return this.jdbc.sql("""
				update job set status = 'WATCHING', job_id = :jobId, owner = :owner, registered_at = :now,
				due_at = null, reason_code = null, reason_message = null
				""" + OF_ATTEMPT + """
				 and not exists (select 1 from job known where known.job_id = :jobId and known.provider = :provider)
				""")
			.param("jobId", job.jobId())
			.param("provider", job.provider())
			.param("owner", here ? this.node.name() : null)
			.param("now", SqlTime.of(job.registeredAt()))
			.param("id", job.id())
			.param("sentAt", SqlTime.of(sentAt))
			.update() == 1;
	}

	/** It has not taken it: the job is sent again later. */
	void again(Job job, Instant sentAt, Duration wait, Reason reason) {
		// Its answer may come after another node has called it unconfirmed.
		this.jdbc.sql("""
				update submit_change set changed_at = :now
				where job = :id and exists (select 1 from job where id = :id and status = 'UNCONFIRMED')
				""").param("now", OffsetDateTime.now(this.clock)).param("id", job.id()).update();
		this.jdbc.sql("""
				update job set status = 'SUBMITTING', owner = null, sent_at = null, due_at = :due, tries = tries + 1,
				reason_code = :code, reason_message = :message
				""" + OF_ATTEMPT)
			.param("due", OffsetDateTime.now(this.clock).plus(wait))
			.param("code", (reason != null) ? reason.code() : null)
			.param("message", (reason != null) ? reason.message() : null)
			.param("id", job.id())
			.param("sentAt", SqlTime.of(sentAt))
			.update();
	}

	/** How often a job was sent in vain. */
	int tries(Job job) {
		return this.jdbc.sql("select tries from job where id = :id")
			.param("id", job.id())
			.query(Integer.class)
			.optional()
			.orElse(0);
	}

	/**
	 * Nobody knows whether the provider has taken it.
	 * @return whether this is news
	 */
	@Transactional
	public boolean unconfirmed(Job job, Instant sentAt, Reason reason) {
		boolean news = this.jdbc.sql("""
				update job set status = 'UNCONFIRMED', owner = null, due_at = null, reason_code = :code,
				reason_message = :message where id = :id and sent_at = :sentAt and status = 'SUBMITTING'
				""")
			.param("code", reason.code())
			.param("message", reason.message())
			.param("id", job.id())
			.param("sentAt", SqlTime.of(sentAt))
			.update() == 1;
		if (news) {
			tell(job);
			this.publisher.publishEvent(new Unconfirmed(job, sentAt, reason));
		}
		return news;
	}

	/** The jobs that a node has sent, or was about to. */
	List<Sent> sentBy(String owner) {
		return this.jdbc
			.sql("select " + JobStore.COLUMNS + ", sent_at from job where owner = :owner and status = 'SUBMITTING'")
			.param("owner", owner)
			.query(Submissions::sent)
			.list();
	}

	/** Those of this node. */
	List<Sent> own() {
		return sentBy(this.node.name());
	}

	/** Those of nodes that are no longer seen. */
	List<Sent> ofLost() {
		return this.node.lost().stream().flatMap((owner) -> sentBy(owner).stream()).toList();
	}

	/** Those whose node has no row any more: somebody deleted it. */
	List<Sent> orphans() {
		return IndexValues.of(this.jdbc, "job", "owner", "owner nulls first")
			.stream()
			.filter((owner) -> this.jdbc.sql("select 1 from node where id = :owner")
				.param("owner", owner)
				.query(Integer.class)
				.optional()
				.isEmpty())
			.flatMap((owner) -> sentBy(owner).stream())
			.toList();
	}

	/** The node that sent a job stopped before it had written down what came of it. */
	public boolean lost(Sent sent) {
		return unconfirmed(sent.job(), sent.at(), NODE_LOST);
	}

	private static Sent sent(ResultSet row, int number) throws SQLException {
		return new Sent(JobStore.row(row, number).job(), SqlTime.read(row, "sent_at"));
	}

	/** A person or the caller wants a job sent again of which nobody knows. */
	@Transactional
	public boolean submitAgain(Job job) {
		boolean wanted = this.jdbc.sql("""
				update job set status = 'SUBMITTING', owner = null, sent_at = null, due_at = :now, reason_code = null,
				reason_message = null where id = :id and status = 'UNCONFIRMED'
				""").param("now", OffsetDateTime.now(this.clock)).param("id", job.id()).update() == 1;
		if (wanted) {
			tell(job);
		}
		return wanted;
	}

	/** Has readers of the stream hear that the status of a job is another one. */
	private void tell(Job job) {
		this.jdbc.sql("delete from submit_change where job = :id").param("id", job.id()).update();
		this.jdbc.sql("insert into submit_change (job, changed_at) values (:id, :now)")
			.param("id", job.id())
			.param("now", OffsetDateTime.now(this.clock))
			.update();
	}

	/**
	 * A person or the caller knows the provider's id of a job of which nobody knows: it
	 * is watched from now on.
	 * @param isBounded whether only so many jobs of its account may be in flight
	 */
	@Transactional
	public boolean attach(Job job, String jobId, boolean isBounded) {
		boolean attached = this.jdbc.sql("""
				update job set status = 'WATCHING', job_id = :jobId, owner = null, registered_at = :now, due_at = null,
				reason_code = null, reason_message = null where id = :id and status = 'UNCONFIRMED'
				""")
			.param("jobId", jobId)
			.param("now", OffsetDateTime.now(this.clock))
			.param("id", job.id())
			.update() == 1;
		if (attached && isBounded) {
			addInFlight(job);
		}
		return attached;
	}

	/** Nobody cares any more about a job that is not known to be taken. */
	@Transactional
	public boolean abandon(Job job) {
		boolean abandoned = this.jdbc.sql("""
				update job set status = 'ABANDONED', owner = null, due_at = null, finished_at = :now
				where id = :id and (status = 'UNCONFIRMED' or status = 'SUBMITTING' and sent_at is null)
				""").param("now", OffsetDateTime.now(this.clock)).param("id", job.id()).update() == 1;
		if (abandoned) {
			this.batches.ended(job.id());
		}
		return abandoned;
	}

	/** A job that a node has sent. */
	record Sent(Job job, Instant at) {
	}

}
