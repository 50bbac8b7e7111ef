package io.vedette.job;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.vedette.node.Node;
import io.vedette.provider.Reason;
import io.vedette.schedule.CompletionInterval;

import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The job rows. */
@Repository
public class JobStore {

	private static final String COLUMNS = """
			id, provider, job_id, media_url, reference, targets, status, registered_at, finished_at, polls, progress,
			reason_code, reason_message, run
			""";

	private final JdbcClient jdbc;

	private final NamedParameterJdbcTemplate batch;

	private final Node node;

	private final Clock clock;

	JobStore(JdbcClient jdbc, NamedParameterJdbcTemplate batch, Node node, Clock clock) {
		this.jdbc = jdbc;
		this.batch = batch;
		this.node = node;
		this.clock = clock;
	}

	/**
	 * Stores requests, each job once, with this node as owner. A job that has expired is
	 * begun anew, as its new request says.
	 * @return for each request, in order, its row and whether this call has it watched
	 */
	@Transactional
	public List<Registered> register(List<JobRequest> requests) {
		OffsetDateTime now = OffsetDateTime.now(this.clock);
		int[] inserted = this.batch.batchUpdate("""
				insert into job (provider, job_id, media_url, reference, targets, status, owner, registered_at)
				values (:provider, :jobId, :mediaUrl, :reference, :targets, 'WATCHING', :owner, :now)
				on conflict do nothing
				""",
				requests.stream().map((request) -> parameters(request, now)).toArray(MapSqlParameterSource[]::new));
		Map<List<String>, JobRow> rows = find(requests);
		List<JobRequest> expired = requests.stream()
			.filter((request) -> rows.containsKey(request.key()))
			.filter((request) -> rows.get(request.key()).status() == JobStatus.EXPIRED)
			.toList();
		Set<List<String>> renewed = renew(expired, now);
		rows.putAll(find(expired));
		List<Registered> registered = new ArrayList<>();
		for (int i = 0; i < inserted.length; i++) {
			List<String> key = requests.get(i).key();
			registered.add(new Registered(rows.get(key), inserted[i] > 0 || renewed.remove(key)));
		}
		return registered;
	}

	/** Keys of the jobs that are watched again by this call. */
	private Set<List<String>> renew(List<JobRequest> expired, OffsetDateTime now) {
		int[] updated = this.batch.batchUpdate("""
				update job set status = 'WATCHING', run = run + 1, owner = :owner, registered_at = :now,
				media_url = :mediaUrl, reference = :reference, targets = :targets, pending_at = null,
				finished_at = null, polls = 0, progress = null, reason_code = null, reason_message = null
				where provider = :provider and job_id = :jobId and status = 'EXPIRED'
				""", expired.stream().map((request) -> parameters(request, now)).toArray(MapSqlParameterSource[]::new));
		Set<List<String>> renewed = new HashSet<>();
		for (int i = 0; i < updated.length; i++) {
			if (updated[i] > 0) {
				renewed.add(expired.get(i).key());
			}
		}
		return renewed;
	}

	private MapSqlParameterSource parameters(JobRequest request, OffsetDateTime now) {
		return new MapSqlParameterSource().addValue("provider", request.provider())
			.addValue("jobId", request.jobId())
			.addValue("mediaUrl", request.mediaUrl())
			.addValue("reference", request.reference())
			.addValue("targets", (request.targets() != null) ? String.join(" ", request.targets()) : null)
			.addValue("owner", this.node.name())
			.addValue("now", now);
	}

	private Map<List<String>, JobRow> find(List<JobRequest> requests) {
		Map<String, List<String>> idsByProvider = new LinkedHashMap<>();
		requests.forEach((request) -> idsByProvider.computeIfAbsent(request.provider(), (key) -> new ArrayList<>())
			.add(request.jobId()));
		Map<List<String>, JobRow> rows = new HashMap<>();
		idsByProvider.forEach((provider, ids) -> this.jdbc
			.sql("select " + COLUMNS + " from job where provider = :provider and job_id in (:ids)")
			.param("provider", provider)
			.param("ids", ids)
			.query(JobStore::row)
			.list()
			.forEach((row) -> rows.put(List.of(provider, row.job().jobId()), row)));
		return rows;
	}

	/**
	 * Takes jobs that nobody watches: handed back, or left by a node that is no longer
	 * seen.
	 * @param providers only jobs of these
	 * @param limit how many at most
	 */
	@Transactional
	public List<Job> claim(List<String> providers, int limit) {
		if (providers.isEmpty()) {
			return List.of();
		}
		// Two queries, for H2 uses no index where it reads "or"; the second is a rare
		// one.
		List<Job> jobs = new ArrayList<>(lock("owner is null", List.of(), providers, limit));
		List<String> lost = this.node.lost();
		if (!lost.isEmpty()) {
			jobs.addAll(lock("owner in (:owners)", lost, providers, limit - jobs.size()));
		}
		if (!jobs.isEmpty()) {
			this.jdbc.sql("update job set owner = :owner where id in (:ids)")
				.param("owner", this.node.name())
				.param("ids", jobs.stream().map(Job::id).toList())
				.update();
		}
		return jobs;
	}

	private List<Job> lock(String owner, List<String> owners, List<String> providers, int limit) {
		return this.jdbc.sql("select " + COLUMNS + """
				 from job
				where status = 'WATCHING' and provider in (:providers)
				and %s
				order by registered_at
				limit :limit
				for update skip locked
				""".formatted(owner))
			.param("owners", owners)
			.param("providers", providers)
			.param("limit", limit)
			.query(JobStore::row)
			.list()
			.stream()
			.map(JobRow::job)
			.toList();
	}

	/** Gives jobs back, for any node to claim. */
	public void release(Collection<Long> ids) {
		this.jdbc.sql("update job set owner = null where id in (:ids) and owner = :owner")
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

	/** Gives all work of this node back. */
	@Transactional
	public void releaseAll() {
		this.jdbc.sql("update job set owner = null where owner = :owner and status = 'WATCHING'")
			.param("owner", this.node.name())
			.update();
		this.jdbc.sql("update delivery set owner = null where owner = :owner and status = 'PENDING'")
			.param("owner", this.node.name())
			.update();
	}

	/** Gives work back whose owner has no row in {@code node}: somebody deleted it. */
	@Transactional
	public void releaseOrphans() {
		this.jdbc.sql("update job set owner = null where status = 'WATCHING' and owner not in (select id from node)")
			.update();
		this.jdbc
			.sql("update delivery set owner = null where status = 'PENDING' and owner not in (select id from node)")
			.update();
	}

	/**
	 * Writes the outcome of a watch, if the job is still this node's. Part of the
	 * terminal transaction.
	 * @return whether it was
	 */
	public boolean finish(Watch watch) {
		Reason reason = watch.getReason();
		return this.jdbc.sql("""
				update job set status = :status, owner = null, pending_at = :pendingAt, finished_at = :finishedAt,
				polls = :polls, progress = :progress, reason_code = :code, reason_message = :message
				where id = :id and owner = :owner and status = 'WATCHING'
				""")
			.param("status", watch.getOutcome().name())
			.param("pendingAt", time(watch.getPendingAt()))
			.param("finishedAt", time(watch.getEndedAt()))
			.param("polls", watch.getPolls())
			.param("progress", watch.getProgress())
			.param("code", (reason != null) ? reason.code() : null)
			.param("message", (reason != null) ? reason.message() : null)
			.param("id", watch.getJob().id())
			.param("owner", this.node.name())
			.update() == 1;
	}

	public Optional<JobRow> find(String provider, String jobId) {
		return this.jdbc.sql("select " + COLUMNS + " from job where provider = :provider and job_id = :jobId")
			.param("provider", provider)
			.param("jobId", jobId)
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
		return this.jdbc.sql("select " + COLUMNS + """
				 from job
				where (cast(:status as varchar) is null or status = :status)
				and (cast(:provider as varchar) is null or provider = :provider)
				and (cast(:after as bigint) is null or id < :after)
				order by id desc
				limit :limit
				""")
			.param("status", status)
			.param("provider", provider)
			.param("after", after)
			.param("limit", limit)
			.query(JobStore::row)
			.list();
	}

	/**
	 * When the jobs of a provider finished that did so last, the latest first.
	 * @param limit how many at most
	 */
	public List<CompletionInterval> finishes(String provider, int limit) {
		// Both bounds and the provider in the order have H2 read the index backwards, and
		// leave out what has not finished.
		return this.jdbc.sql("""
				select registered_at, pending_at, finished_at from job
				where provider = :provider and finished_at > :begin and finished_at < :end
				and status in ('SUCCEEDED', 'FAILED')
				order by provider desc, finished_at desc
				limit :limit
				""")
			.param("provider", provider)
			.param("begin", time(Instant.EPOCH))
			.param("end", time(this.clock.instant().plus(Duration.ofDays(1))))
			.param("limit", limit)
			.query((row, number) -> CompletionInterval.of(instant(row, "registered_at"), instant(row, "pending_at"),
					instant(row, "finished_at")))
			.list()
			.stream()
			.flatMap(Optional::stream)
			.toList();
	}

	/** Deletes a job's row, and with it its events and deliveries. */
	public void delete(long id) {
		this.jdbc.sql("delete from job where id = :id").param("id", id).update();
	}

	/** Jobs that finished before a moment, oldest first. */
	public List<Job> finishedBefore(Instant moment, int limit) {
		return this.jdbc.sql("select " + COLUMNS
				+ " from job where finished_at < :moment and status <> 'WATCHING' order by finished_at limit :limit")
			.param("moment", time(moment))
			.param("limit", limit)
			.query(JobStore::row)
			.list()
			.stream()
			.map(JobRow::job)
			.toList();
	}

	private static OffsetDateTime time(Instant instant) {
		return (instant != null) ? instant.atOffset(ZoneOffset.UTC) : null;
	}

	private static Instant instant(ResultSet row, String column) throws SQLException {
		OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

	private static JobRow row(ResultSet row, int number) throws SQLException {
		String targets = row.getString("targets");
		Job job = new Job(row.getLong("id"), row.getString("provider"), row.getString("job_id"),
				row.getString("media_url"), row.getString("reference"),
				(targets != null) ? Arrays.asList(targets.split(" ")) : null, instant(row, "registered_at"),
				row.getInt("run"));
		String code = row.getString("reason_code");
		String message = row.getString("reason_message");
		return new JobRow(job, JobStatus.valueOf(row.getString("status")), instant(row, "finished_at"),
				row.getInt("polls"), row.getObject("progress", Integer.class),
				(code != null || message != null) ? new Reason(code, message) : null);
	}

	/** A job as its row has it. */
	public record JobRow(Job job, JobStatus status, Instant finishedAt, int polls, Integer progress, Reason reason) {
	}

	/**
	 * What became of a request: the job's row, and whether it was new, or is watched
	 * again.
	 */
	public record Registered(JobRow row, boolean isNew) {
	}

}
