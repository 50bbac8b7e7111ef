package io.vedette.job;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vedette.node.Node;
import io.vedette.provider.AccountName;
import io.vedette.provider.Caller;
import io.vedette.provider.Reason;
import io.vedette.schedule.CompletionInterval;
import io.vedette.schedule.Finishes;
import io.vedette.schedule.Finishes.Finish;
import jakarta.annotation.Nullable;

import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The job rows. */
@Repository
public class JobStore {

	static final String COLUMNS = """
			id, provider, job_id, media_url, reference, targets, status, registered_at, finished_at, polls, progress,
			reason_code, reason_message, run, traceparent, account, media_kind, priority, batch, request_id
			""";

	/** As the index has it: both databases then read no further than they have to. */
	private static final String IN_ORDER = " order by owner nulls first, status, provider, account, registered_at, id";

	/** What is counted in one statement, so that nobody waits long for the connection. */
	private static final int PART = 10_000;

	/** What is given back in one, so that a stop can end in time. */
	private static final int RELEASED_AT_ONCE = 1000;

	/** The kinds of jobs as rows name them: empty where nobody told. */
	private static final List<String> KINDS = Stream
		.concat(Stream.of(""), Arrays.stream(MediaKind.values()).map(MediaKind::label))
		.toList();

	private static final Position BEGIN = new Position(Instant.EPOCH, 0);

	private final JdbcClient jdbc;

	private final NamedParameterJdbcTemplate batch;

	private final BatchStore batches;

	private final Node node;

	private final Clock clock;

	private final WaitingRows waiting;

	JobStore(JdbcClient jdbc, NamedParameterJdbcTemplate batch, BatchStore batches, Node node, Clock clock) {
		this.jdbc = jdbc;
		this.batch = batch;
		this.batches = batches;
		this.node = node;
		this.clock = clock;
		this.waiting = new WaitingRows(jdbc);
	}

	/**
	 * Stores requests, each job once. A job that has expired is begun anew, as its new
	 * request says; its account is for ever the first one.
	 * @param places of how many jobs of each account this node becomes the owner; the
	 * others wait for one
	 * @return for each request, in order, what became of it
	 */
	@Transactional
	public List<Registered> register(List<JobRequest> requests, Map<AccountName, Integer> places) {
		List<String> refusals = this.batches.refusals(requests, this::find);
		List<JobRequest> good = IntStream.range(0, requests.size())
			.filter((index) -> refusals.get(index) == null)
			.mapToObj(requests::get)
			.toList();
		Iterator<Registered> registered = good.isEmpty() ? Collections.emptyIterator() : store(good, places).iterator();
		return refusals.stream()
			.map((refusal) -> (refusal != null) ? new Registered(null, false, false, refusal) : registered.next())
			.toList();
	}

	private List<Registered> store(List<JobRequest> requests, Map<AccountName, Integer> places) {
		OffsetDateTime now = OffsetDateTime.now(this.clock);
		Map<AccountName, Integer> left = new HashMap<>(places);
		List<Placed> all = requests.stream()
			.map((request) -> new Placed(request,
					!request.submits() && left.merge(request.accountName(), -1, Integer::sum) >= 0))
			.toList();
		int[] inserted = this.batch.batchUpdate("""
				insert into job (provider, job_id, media_url, reference, targets, status, owner, registered_at,
				traceparent, account, media_kind, priority, caller, batch, request_id, due_at)
				values (:provider, :jobId, :mediaUrl, :reference, :targets, :status, :owner, :now,
				:traceparent, :account, :mediaKind, :priority, :caller, :batch, :requestId, :due)
				on conflict do nothing
				""", parameters(all, now));
		Map<List<String>, JobRow> rows = find(requests);
		List<Placed> expired = all.stream()
			.filter((one) -> !one.request().submits() && rows.containsKey(one.key())
					&& rows.get(one.key()).status() == JobStatus.EXPIRED)
			.toList();
		Map<List<String>, JobRequest> renewed = renew(expired, now);
		BatchChanges changes = new BatchChanges();
		renewed.forEach((key, request) -> begunAnew(rows.get(key).job().batch(), request, changes));
		rows.putAll(find(expired.stream().map(Placed::request).toList()));
		count(requests, inserted, changes);
		rows.putAll(join(requests, rows, changes));
		List<Registered> registered = new ArrayList<>();
		for (int i = 0; i < inserted.length; i++) {
			Placed one = all.get(i);
			boolean isNew = inserted[i] > 0 || renewed.remove(one.key()) != null;
			JobRow row = rows.get(one.key());
			boolean here = one.here() && row.job().account().equals(one.request().account());
			registered.add(new Registered(row, isNew, isNew && here, null));
		}
		this.batches.apply(changes);
		return registered;
	}

	/** New jobs are part of the batches that their requests name. */
	private static void count(List<JobRequest> requests, int[] inserted, BatchChanges changes) {
		for (int i = 0; i < inserted.length; i++) {
			JobRequest request = requests.get(i);
			if (inserted[i] > 0 && request.batch() != null) {
				changes.joined(request.batch(), JobStatus.WATCHING, request.targets());
			}
			if (request.batchSize() != null) {
				changes.sized(request.batch(), request.batchSize());
			}
		}
	}

	/**
	 * A job that is watched again is part of the batch that its new request names, or
	 * still of its own.
	 * @param old its own, or null
	 */
	private static void begunAnew(String old, JobRequest request, BatchChanges changes) {
		if (old != null && (request.batch() == null || request.batch().equals(old))) {
			changes.begunAnew(old);
			return;
		}
		if (old != null) {
			changes.left(old, JobStatus.EXPIRED);
		}
		if (request.batch() != null) {
			changes.joined(request.batch(), JobStatus.WATCHING, request.targets());
		}
	}

	private static boolean isWithoutBatch(JobRow row) {
		return row != null && row.job().batch() == null;
	}

	/**
	 * Has jobs that are known join the batches that requests name, unless they have one.
	 * @return the rows of those that did
	 */
	private Map<List<String>, JobRow> join(List<JobRequest> requests, Map<List<String>, JobRow> rows,
			BatchChanges changes) {
		// In the order of their rows, as outcomes are written: so neither waits for the
		// other.
		List<JobRequest> joining = requests.stream()
			.filter((request) -> request.batch() != null && isWithoutBatch(rows.get(request.key())))
			.sorted(Comparator.comparing((request) -> rows.get(request.key()).job().id()))
			.toList();
		int[] updated = this.batch.batchUpdate("update job set batch = :batch where id = :id and batch is null",
				joining.stream()
					.map((request) -> new MapSqlParameterSource("batch", request.batch()).addValue("id",
							rows.get(request.key()).job().id()))
					.toArray(MapSqlParameterSource[]::new));
		List<JobRequest> joined = IntStream.range(0, updated.length)
			.filter((index) -> updated[index] > 0)
			.mapToObj(joining::get)
			.toList();
		Map<List<String>, JobRow> found = find(joined);
		found.values().forEach((row) -> changes.joined(row.job().batch(), row.status(), row.job().targets()));
		return found;
	}

	/** The jobs that are watched again by this call, by their keys. */
	private Map<List<String>, JobRequest> renew(List<Placed> expired, OffsetDateTime now) {
		int[] updated = this.batch.batchUpdate(
				"""
						update job set status = 'WATCHING', run = run + 1,
						owner = case when account = :account then :owner end, registered_at = :now,
						media_url = :mediaUrl, reference = :reference, targets = :targets, traceparent = :traceparent,
						media_kind = :mediaKind, priority = :priority, caller = :caller,
						batch = coalesce(:batch, batch),
						pending_at = null, finished_at = null, polls = 0, progress = null, reason_code = null, reason_message = null
						where provider = :provider and job_id = :jobId and status = 'EXPIRED'
						""",
				parameters(expired, now));
		Map<List<String>, JobRequest> renewed = new HashMap<>();
		for (int i = 0; i < updated.length; i++) {
			if (updated[i] > 0) {
				renewed.put(expired.get(i).key(), expired.get(i).request());
			}
		}
		return renewed;
	}

	private MapSqlParameterSource[] parameters(List<Placed> all, OffsetDateTime now) {
		return all.stream().map((one) -> {
			JobRequest request = one.request();
			return new MapSqlParameterSource().addValue("provider", request.provider())
				.addValue("jobId", request.jobId())
				.addValue("mediaUrl", request.mediaUrl())
				.addValue("reference", request.reference())
				.addValue("targets", (request.targets() != null) ? String.join(" ", request.targets()) : null)
				.addValue("owner", one.here() ? this.node.name() : null)
				.addValue("now", now)
				.addValue("traceparent", request.traceparent())
				.addValue("account", request.account())
				.addValue("mediaKind", (request.mediaKind() != null) ? request.mediaKind().label() : "")
				.addValue("priority", request.priority(), Types.INTEGER)
				.addValue("caller", Caller.of(request.reference(), request.priority()).inRow())
				.addValue("batch", request.batch())
				.addValue("status", (request.submits() ? JobStatus.SUBMITTING : JobStatus.WATCHING).name())
				.addValue("requestId", request.requestId())
				.addValue("due", request.submits() ? now : null, Types.TIMESTAMP_WITH_TIMEZONE);
		}).toArray(MapSqlParameterSource[]::new);
	}

	private Map<List<String>, JobRow> find(List<JobRequest> requests) {
		Map<String, List<String>> idsByProvider = new LinkedHashMap<>();
		requests.stream()
			.filter((request) -> !request.submits())
			.forEach((request) -> idsByProvider.computeIfAbsent(request.provider(), (key) -> new ArrayList<>())
				.add(request.jobId()));
		Map<List<String>, JobRow> rows = new HashMap<>();
		idsByProvider.forEach((provider, ids) -> this.jdbc
			.sql("select " + COLUMNS + " from job where provider = :provider and job_id in (:ids)")
			.param("provider", provider)
			.param("ids", ids)
			.query(JobStore::row)
			.list()
			.forEach((row) -> rows.put(List.of(provider, row.job().jobId()), row)));
		findRequests(requests).forEach((row) -> rows.put(List.of(row.job().requestId()), row));
		return rows;
	}

	private List<JobRow> findRequests(List<JobRequest> requests) {
		List<String> ids = requests.stream().filter(JobRequest::submits).map(JobRequest::requestId).toList();
		return ids.isEmpty() ? List.of()
				: this.jdbc.sql("select " + COLUMNS + " from job where request_id in (:ids)")
					.param("ids", ids)
					.query(JobStore::row)
					.list();
	}

	/**
	 * Takes jobs that wait: never watched yet, or handed back. Of each account those of
	 * the callers of whose jobs the fewest are watched for their priority; of each caller
	 * the oldest first.
	 * @param places how many at most of each account
	 * @param watched how many jobs of each caller are watched with an account's key
	 */
	@Transactional
	public List<Job> claim(Map<AccountName, Integer> places, Function<AccountName, Map<Caller, Integer>> watched) {
		List<Job> jobs = new ArrayList<>();
		places.forEach(
				(account, limit) -> jobs.addAll(lock(this.waiting.fairly(account, limit, watched.apply(account)))));
		if (!jobs.isEmpty()) {
			this.jdbc.sql("update job set owner = :owner where id in (:ids)")
				.param("owner", this.node.name())
				.param("ids", jobs.stream().map(Job::id).toList())
				.update();
		}
		return jobs;
	}

	/**
	 * Locks those of the jobs that wait. A statement of its own, for H2 locks and sorts
	 * all rows that a locking one finds, whatever its limit is.
	 */
	private List<Job> lock(List<Long> ids) {
		if (ids.isEmpty()) {
			return List.of();
		}
		return this.jdbc.sql("select " + COLUMNS + """
				 from job where id in (:ids) and owner is null and status = 'WATCHING'
				order by registered_at, id
				for update skip locked
				""").param("ids", ids).query(JobStore::row).list().stream().map(JobRow::job).toList();
	}

	/**
	 * Whose jobs are watched in the place of others' that wait.
	 * @see WaitingRows#inTheWay
	 */
	Map<Caller, Integer> inTheWay(AccountName account, Map<Caller, Integer> watched, int most) {
		return this.waiting.inTheWay(account, watched, most);
	}

	/** The providers of which jobs wait, by one look for each. */
	List<String> waitingProviders() {
		return freeProviders(this.jdbc, JobStatus.WATCHING);
	}

	/** The providers that have jobs of a status and without an owner. */
	static List<String> freeProviders(JdbcClient jdbc, JobStatus status) {
		return IndexValues.inTurn((from) -> jdbc.sql("""
				select provider from job where owner is null and status = :status and provider >= :from
				""" + IN_ORDER + " limit 1")
			.param("status", status.name())
			.param("from", from)
			.query(String.class)
			.optional());
	}

	/** The accounts of a provider that have such jobs. The same. */
	public List<AccountName> freeAccounts(String provider, JobStatus status) {
		return IndexValues
			.inTurn((from) -> this.jdbc.sql("""
					select account from job where owner is null and status = :status and provider = :provider
					and account >= :from
					""" + IN_ORDER + " limit 1")
				.param("status", status.name())
				.param("provider", provider)
				.param("from", from)
				.query(String.class)
				.optional())
			.stream()
			.map((account) -> new AccountName(provider, account))
			.toList();
	}

	/** How many jobs of an account have a status and no owner. */
	public long free(AccountName account, JobStatus status) {
		Position last = BEGIN;
		long parts = 0;
		for (var next = nextPart(account, status, last); next.isPresent(); next = nextPart(account, status, last)) {
			last = next.get();
			parts++;
		}
		return parts * PART + free(account, status, last, PART);
	}

	/**
	 * The same for those that are easily counted.
	 * @param most counts no further
	 */
	public long free(AccountName account, JobStatus status, int most) {
		return free(account, status, BEGIN, most);
	}

	private long free(AccountName account, JobStatus status, Position after, int most) {
		return free("select count(*) from (select 1", " limit :count) as oldest", account, status, after, most)
			.query(Long.class)
			.single();
	}

	private Optional<Position> nextPart(AccountName account, JobStatus status, Position after) {
		return free("select registered_at, id", " limit 1 offset :count", account, status, after, PART - 1)
			.query((row, number) -> new Position(SqlTime.read(row, "registered_at"), row.getLong("id")))
			.optional();
	}

	private JdbcClient.StatementSpec free(String select, String limit, AccountName account, JobStatus status,
			Position after, int count) {
		return this.jdbc.sql(select + """
				 from job where owner is null and status = :status and provider = :provider
				and account = :account and registered_at >= :at and (registered_at > :at or id > :id)
				""" + IN_ORDER + limit)
			.param("status", status.name())
			.param("provider", account.provider())
			.param("account", account.name())
			.param("at", SqlTime.of(after.registeredAt()))
			.param("id", after.id())
			.param("count", count);
	}

	/** Gives jobs back, for any node to claim. */
	public void release(Collection<Long> ids) {
		this.jdbc.sql("update job set owner = null where id in (:ids) and owner = :owner and status = 'WATCHING'")
			.param("ids", ids)
			.param("owner", this.node.name())
			.update();
	}

	/** Rows of the jobs that this node has to watch. */
	public Set<Long> own() {
		return this.jdbc.sql("select id from job where status = 'WATCHING' and owner = :owner")
			.param("owner", this.node.name())
			.query(Long.class)
			.set();
	}

	/** Those of the jobs that this node has to watch, the oldest first. */
	List<Job> own(Collection<Long> ids) {
		return this.jdbc.sql("select " + COLUMNS + """
				 from job where id in (:ids) and owner = :owner and status = 'WATCHING' order by registered_at, id
				""")
			.param("ids", ids)
			.param("owner", this.node.name())
			.query(JobStore::row)
			.list()
			.stream()
			.map(JobRow::job)
			.toList();
	}

	/**
	 * Gives this node's work back, a part at a time.
	 * @param goesOn whether there is time for another part. What is left is this node's
	 * when it starts again, and the others' once its lease has run out.
	 * @return whether nothing is left
	 */
	public boolean releaseAll(BooleanSupplier goesOn) {
		releaseDeliveries();
		List<Long> jobs = List.copyOf(own());
		int given = 0;
		while (given < jobs.size() && goesOn.getAsBoolean()) {
			List<Long> part = jobs.subList(given, Math.min(given + RELEASED_AT_ONCE, jobs.size()));
			release(part);
			given += part.size();
		}
		return given == jobs.size();
	}

	/** The same for its deliveries alone. */
	void releaseDeliveries() {
		this.jdbc.sql("update delivery set owner = null where owner = :owner and status = 'PENDING'")
			.param("owner", this.node.name())
			.update();
	}

	/** Has jobs wait that a node left which is no longer seen. */
	public void releaseLost() {
		this.node.lost().forEach(this::releaseJobs);
	}

	private void releaseJobs(String owner) {
		this.jdbc.sql("update job set owner = null where owner = :owner and status = 'WATCHING'")
			.param("owner", owner)
			.update();
	}

	/** Gives work back whose owner has no row in {@code node}: somebody deleted it. */
	@Transactional
	public void releaseOrphans() {
		releaseOrphans("job", JobStatus.WATCHING.name());
		releaseOrphans("delivery", "PENDING");
	}

	private void releaseOrphans(String table, String status) {
		for (String owner : IndexValues.of(this.jdbc, table, "owner", "owner nulls first")) {
			this.jdbc.sql("update " + table + """
					 set owner = null where owner = :owner and status = :status
					and not exists (select 1 from node where id = :owner)
					""").param("owner", owner).param("status", status).update();
		}
	}

	/**
	 * Writes the outcomes of watches, of each job that is still this node's, in the order
	 * of their rows; also of one that its provider would not take. Part of the terminal
	 * transaction. The rows say at once which batches the jobs belong to: one that has
	 * joined its batch meanwhile is counted here, one that joins it later is counted
	 * there.
	 */
	public Outcomes finish(List<Watch> watches) {
		KeyHolder written = new GeneratedKeyHolder();
		// One statement: to return text of each of several, PostgreSQL's driver would
		// wait for one after the other.
		this.batch.update(
				"""
						update job set owner = null,
						(status, pending_at, finished_at, polls, progress, reason_code, reason_message) = (
						select ended.status, ended.pending_at, ended.finished_at, ended.polls, ended.progress, ended.code,
						ended.message from unnest(cast(:ids as bigint array), cast(:statuses as varchar array),
						cast(:pendingAts as timestamp with time zone array),
						cast(:finishedAts as timestamp with time zone array), cast(:polls as integer array),
						cast(:progresses as integer array), cast(:codes as varchar array), cast(:messages as varchar array))
						as ended (id, status, pending_at, finished_at, polls, progress, code, message)
						where ended.id = job.id)
						where id = any(:ids) and case when owner = :owner and status in ('WATCHING', 'SUBMITTING') then true else false end
						""",
				outcomes(watches.stream().sorted(Comparator.comparing((watch) -> watch.getJob().id())).toList()),
				written, new String[] { "id", "batch", "status" });
		BatchChanges changes = new BatchChanges();
		Set<Long> own = new HashSet<>();
		written.getKeyList().forEach((row) -> {
			own.add(((Number) row.get("id")).longValue());
			if (row.get("batch") != null) {
				changes.ended((String) row.get("batch"), JobStatus.valueOf((String) row.get("status")));
			}
		});
		return new Outcomes(watches.stream().map((watch) -> own.contains(watch.getJob().id())).toList(), changes);
	}

	private MapSqlParameterSource outcomes(List<Watch> watches) {
		return new MapSqlParameterSource("owner", this.node.name())
			.addValue("ids", SqlArray.of("bigint", watches, (watch) -> watch.getJob().id()))
			.addValue("statuses", SqlArray.of("varchar", watches, (watch) -> watch.getOutcome().name()))
			.addValue("pendingAts", SqlArray.of("timestamptz", watches, (watch) -> SqlTime.of(watch.getPendingAt())))
			.addValue("finishedAts", SqlArray.of("timestamptz", watches, (watch) -> SqlTime.of(watch.getEndedAt())))
			.addValue("polls", SqlArray.of("integer", watches, Watch::getPolls))
			.addValue("progresses", SqlArray.of("integer", watches, Watch::getProgress))
			.addValue("codes", SqlArray.of("varchar", watches, (watch) -> reasonOf(watch).code()))
			.addValue("messages", SqlArray.of("varchar", watches, (watch) -> reasonOf(watch).message()));
	}

	private static Reason reasonOf(Watch watch) {
		return Objects.requireNonNullElse(watch.getReason(), Reason.NONE);
	}

	public Optional<JobRow> find(String provider, String jobId) {
		return this.jdbc.sql("select " + COLUMNS + " from job where provider = :provider and job_id = :jobId")
			.param("provider", provider)
			.param("jobId", jobId)
			.query(JobStore::row)
			.optional();
	}

	/** The job that came of a request. */
	public Optional<JobRow> findRequest(String requestId) {
		return this.jdbc.sql("select " + COLUMNS + " from job where request_id = :requestId")
			.param("requestId", requestId)
			.query(JobStore::row)
			.optional();
	}

	/**
	 * A page of jobs, newest first.
	 * @param status only these, or null
	 * @param provider only its, or null
	 * @param after only rows older than the one with this id, or null
	 */
	public List<JobRow> list(String status, String provider, Long after, int limit) {
		IndexPage page = new IndexPage("job", 0).with("provider", provider)
			.with("status", status)
			.between("id", 0L, (after != null) ? after : Long.MAX_VALUE);
		return this.jdbc.sql(page.sql(COLUMNS, limit)).params(page.values()).query(JobStore::row).list();
	}

	/**
	 * When the jobs of a provider finished that did so last, of any kind and of each.
	 * @param limit how many at most of any kind, and of each
	 */
	public Finishes finishes(String provider, int limit) {
		List<Finish> latest = finishes(provider, null, limit);
		Map<String, List<CompletionInterval>> further = new HashMap<>();
		if (latest.size() >= limit) {
			KINDS.forEach((kind) -> further.put(kind,
					finishes(provider, kind, limit).stream().map(Finish::interval).toList()));
		}
		return Finishes.of(latest, further);
	}

	private List<Finish> finishes(String provider, String kind, int limit) {
		IndexPage page = new IndexPage("job", 0).with("provider", provider)
			.with("media_kind", kind)
			.between("finished_at", SqlTime.of(Instant.EPOCH),
					SqlTime.of(this.clock.instant().plus(Duration.ofDays(1))))
			.only("status in ('SUCCEEDED', 'FAILED') and job_id is not null");
		return this.jdbc.sql(page.sql("registered_at, pending_at, finished_at, media_kind", limit))
			.params(page.values())
			.query((row, number) -> {
				String known = row.getString("media_kind");
				return CompletionInterval
					.of(SqlTime.read(row, "registered_at"), SqlTime.read(row, "pending_at"),
							SqlTime.read(row, "finished_at"))
					.map((interval) -> new Finish(known, interval));
			})
			.list()
			.stream()
			.flatMap(Optional::stream)
			.toList();
	}

	/**
	 * Jobs that finished before a moment, oldest first; locked for the rest of the
	 * transaction. None where another node has the oldest of them locked.
	 * @param except ids of rows that are passed over
	 * @param limit how many at most
	 */
	public List<Job> lockFinishedBefore(Instant moment, Collection<Long> except, int limit) {
		// Both bounds have H2 leave out what has not finished. It would lock all that is
		// old before it looks at the limit.
		List<Long> oldest = this.jdbc.sql("""
				select id from job where finished_at > :begin and finished_at < :moment and id not in (:except)
				order by finished_at limit\s""" + limit)
			.param("begin", SqlTime.of(Instant.EPOCH))
			.param("moment", SqlTime.of(moment))
			.param("except", except.isEmpty() ? List.of(0L) : except)
			.query(Long.class)
			.list();
		return lockFinished(oldest);
	}

	/** Those of the rows that are finished still, and that no other node has locked. */
	public List<Job> lockFinished(Collection<Long> ids) {
		return ids.isEmpty() ? List.of() : this.jdbc.sql("select " + COLUMNS + """
				 from job where id in (:ids) and finished_at is not null for update skip locked
				""").param("ids", ids).query(JobStore::row).list().stream().map(JobRow::job).toList();
	}

	/**
	 * Deletes the row of a job, and what hangs on it. Its batch loses it, outcome and
	 * all.
	 */
	@Transactional
	public void forget(Job job) {
		BatchChanges changes = new BatchChanges();
		this.jdbc.sql("select batch, status from job where id = :id for update").param("id", job.id()).query((row) -> {
			if (row.getString("batch") != null) {
				changes.left(row.getString("batch"), JobStatus.valueOf(row.getString("status")));
			}
		});
		delete(List.of(job.id()));
		this.batches.apply(changes);
	}

	/**
	 * Deletes the rows of jobs, and what hangs on them; their batches have counted them
	 * all the same.
	 */
	public void delete(Collection<Long> ids) {
		this.jdbc.sql("delete from job where id in (:ids)").param("ids", ids).update();
	}

	static JobRow row(ResultSet row, int number) throws SQLException {
		String targets = row.getString("targets");
		Job job = new Job(row.getLong("id"), shared(row.getString("provider")), row.getString("job_id"),
				row.getString("media_url"), row.getString("reference"),
				(targets != null) ? Arrays.asList(targets.split(" ")) : null, SqlTime.read(row, "registered_at"),
				row.getInt("run"), row.getString("traceparent"), shared(row.getString("account")),
				MediaKind.labelled(row.getString("media_kind")).orElse(null), row.getObject("priority", Integer.class),
				shared(row.getString("batch")), row.getString("request_id"));
		String code = row.getString("reason_code");
		String message = row.getString("reason_message");
		return new JobRow(job, JobStatus.valueOf(row.getString("status")), SqlTime.read(row, "finished_at"),
				row.getInt("polls"), row.getObject("progress", Integer.class),
				(code != null || message != null) ? new Reason(code, message) : null);
	}

	/** Tens of thousands of jobs wait in memory, and say the same here. */
	private static String shared(String text) {
		return (text != null) ? text.intern() : null;
	}

	/** A job as its row has it. */
	public record JobRow(Job job, JobStatus status, Instant finishedAt, int polls, Integer progress, Reason reason) {
	}

	/**
	 * What became of a request.
	 *
	 * @param row the job's row
	 * @param isNew whether it was new, or is watched again
	 * @param isOwn whether this request made it this node's
	 * @param refusal why its batch does not take it and what to do; then there is no row.
	 * Else null
	 */
	public record Registered(@Nullable JobRow row, boolean isNew, boolean isOwn, @Nullable String refusal) {
	}

	/**
	 * Where a job stands among those of its account that wait.
	 */
	private record Position(Instant registeredAt, long id) {
	}

	/**
	 * What came of writing outcomes.
	 *
	 * @param own for each watch, in order, whether its job was still this node's
	 * @param batches what changes in their batches by it
	 */
	public record Outcomes(List<Boolean> own, BatchChanges batches) {
	}

	/**
	 * A request, and whether this node has a place for it.
	 */
	private record Placed(JobRequest request, boolean here) {

		List<String> key() {
			return this.request.key();
		}

	}

}
