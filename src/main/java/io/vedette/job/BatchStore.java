package io.vedette.job;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.vedette.job.BatchChanges.Change;
import io.vedette.job.JobStore.JobRow;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * The batch rows. Each transaction that changes a job of a batch counts it in the batch's
 * row, last of all that it writes: whoever counts the last one sees all others, and holds
 * the row no longer than its commit takes.
 */
@Repository
public class BatchStore {

	/** How jobs end that did not succeed. */
	private static final List<JobStatus> FAILURES = List.of(JobStatus.FAILED, JobStatus.EXPIRED, JobStatus.ABANDONED);

	private static final String COLUMNS = """
			id, size, total, succeeded, failed, expired, targets, created_at, sealed_at, completed_at
			""";

	private final JdbcClient jdbc;

	private final NamedParameterJdbcTemplate many;

	private final ApplicationEventPublisher publisher;

	private final Clock clock;

	BatchStore(JdbcClient jdbc, NamedParameterJdbcTemplate many, ApplicationEventPublisher publisher, Clock clock) {
		this.jdbc = jdbc;
		this.many = many;
		this.publisher = publisher;
		this.clock = clock;
	}

	public Optional<Batch> find(String id) {
		return this.jdbc.sql("select " + COLUMNS + " from batch where id = :id")
			.param("id", id)
			.query(BatchStore::batch)
			.optional();
	}

	/**
	 * Says that a batch takes no job more; one that nobody has named yet is empty. Once
	 * more changes nothing.
	 */
	@Transactional
	public Batch seal(String id) {
		create(List.of(id));
		this.jdbc.sql("update batch set sealed_at = :now where id = :id and sealed_at is null")
			.param("now", now())
			.param("id", id)
			.update();
		complete(Set.of(id));
		return find(id).orElseThrow();
	}

	/**
	 * Why job requests can't have the batches that they name.
	 * @param find finds those of the jobs that are known
	 * @return for each, in order, what is wrong and what to do, or null
	 */
	List<String> refusals(List<JobRequest> requests, Function<List<JobRequest>, Map<List<String>, JobRow>> find) {
		Set<String> named = requests.stream()
			.map(JobRequest::batch)
			.filter(Objects::nonNull)
			.collect(Collectors.toCollection(TreeSet::new));
		if (named.isEmpty()) {
			return Collections.nCopies(requests.size(), null);
		}
		Map<String, BatchDoor> doors = this.jdbc.sql("select " + COLUMNS + " from batch where id in (:ids)")
			.param("ids", named)
			.query(BatchStore::batch)
			.list()
			.stream()
			.collect(Collectors.toMap(Batch::id, BatchDoor::new));
		requests.stream()
			.filter((request) -> request.batchSize() != null)
			.forEach((request) -> doors.computeIfAbsent(request.batch(), BatchDoor::new).guard());
		List<JobRequest> doubtful = requests.stream().filter((request) -> isGuarded(doors, request)).toList();
		Map<List<String>, JobRow> known = doubtful.isEmpty() ? Map.of() : find.apply(doubtful);
		return new ArrayList<>(requests.stream()
			.map((request) -> isGuarded(doors, request)
					? doors.get(request.batch()).refusal(request, known.get(request.key())) : null)
			.toList());
	}

	private static boolean isGuarded(Map<String, BatchDoor> doors, JobRequest request) {
		return request.batch() != null && doors.containsKey(request.batch()) && doors.get(request.batch()).isGuarded();
	}

	/**
	 * Counts a job that has just ended, in the transaction that has written its outcome.
	 */
	public void ended(long job) {
		BatchChanges changes = new BatchChanges();
		this.jdbc.sql("select batch, status from job where id = :id and batch is not null")
			.param("id", job)
			.query((row) -> {
				changes.ended(row.getString("batch"), JobStatus.valueOf(row.getString("status")));
			});
		apply(changes);
	}

	/**
	 * Writes what has changed in batches, and tells of those that are complete by it.
	 * Last part of a transaction; nothing is written where no batch has changed.
	 * @throws BatchChangedException if one of them no longer takes the jobs that have
	 * joined it
	 */
	public void apply(BatchChanges changes) {
		Collection<Change> all = changes.inOrder();
		if (all.isEmpty()) {
			return;
		}
		create(all.stream().filter(Change::isJoining).map((change) -> change.batch).toList());
		all.forEach(this::write);
		complete(all.stream().collect(Collectors.toMap((change) -> change.batch, (change) -> change.targets)));
	}

	private void create(Collection<String> ids) {
		OffsetDateTime now = now();
		if (!ids.isEmpty()) {
			this.many.batchUpdate("insert into batch (id, created_at) values (:id, :now) on conflict do nothing",
					ids.stream()
						.map((id) -> new MapSqlParameterSource("id", id).addValue("now", now))
						.toArray(MapSqlParameterSource[]::new));
		}
	}

	private void write(Change change) {
		String open = """
				 and sealed_at is null and (size is null or cast(:size as bigint) is null or size = :size)
				and (coalesce(size, :size) is null or coalesce(size, :size) >= total + :total)
				""";
		int written = this.many.update("""
				update batch set total = total + :total, succeeded = succeeded + :succeeded, failed = failed + :failed,
				expired = expired + :expired, size = coalesce(size, cast(:size as bigint)),
				sealed_at = case when sealed_at is null and coalesce(size, :size) = total + :total and :joining
				then cast(:now as timestamp with time zone) else sealed_at end
				where id = :id and completed_at is null
				""" + (change.isJoining() ? open : ""),
				new MapSqlParameterSource("id", change.batch).addValue("total", change.total)
					.addValue("succeeded", change.succeeded)
					.addValue("failed", change.failed)
					.addValue("expired", change.expired)
					.addValue("size", change.size, Types.BIGINT)
					.addValue("joining", change.isJoining())
					.addValue("now", now()));
		if (written == 0 && change.joining > 0) {
			throw new BatchChangedException(change.batch);
		}
		if (written == 0 && change.size != null) {
			// It is sealed, or has its size already: what else has changed is written all
			// the
			// same.
			change.size = null;
			write(change);
		}
	}

	private void complete(Set<String> ids) {
		complete(ids.stream().collect(Collectors.toMap(Function.identity(), (id) -> Set.of())));
	}

	/**
	 * The rows are locked by now: what they say stays so.
	 * @param joined by batch, the targets of the jobs that have joined it
	 */
	private void complete(Map<String, ? extends Set<String>> joined) {
		this.jdbc.sql("select " + COLUMNS + " from batch where id in (:ids) and completed_at is null order by id")
			.param("ids", joined.keySet())
			.query(BatchStore::batch)
			.list()
			.forEach((batch) -> {
				Batch whole = addTargets(batch, joined.get(batch.id()));
				if (whole.sealedAt() != null && whole.watching() == 0) {
					complete(whole);
				}
			});
	}

	private Batch addTargets(Batch batch, Set<String> joined) {
		if (joined.isEmpty() || batch.targets().contains(Change.ALL) || batch.targets().containsAll(joined)) {
			return batch;
		}
		Set<String> targets = new TreeSet<>(batch.targets());
		targets.addAll(joined);
		this.jdbc.sql("update batch set targets = :targets where id = :id")
			.param("targets", targets.contains(Change.ALL) ? Change.ALL : String.join(" ", targets))
			.param("id", batch.id())
			.update();
		return find(batch.id()).orElseThrow();
	}

	private void complete(Batch batch) {
		this.jdbc.sql("update batch set completed_at = :now where id = :id")
			.param("now", now())
			.param("id", batch.id())
			.update();
		this.publisher.publishEvent(new BatchCompleted(find(batch.id()).orElseThrow()));
	}

	/**
	 * Jobs of a batch that did not succeed, the last registered first.
	 * @param most how many at most
	 */
	public List<JobRow> failures(String batch, int most) {
		return FAILURES.stream().flatMap((status) -> {
			IndexPage page = new IndexPage("job", 0).with("batch", batch)
				.with("status", status.name())
				.between("id", 0L, Long.MAX_VALUE);
			return this.jdbc.sql(page.sql(JobStore.COLUMNS, most)).params(page.values()).query(JobStore::row).stream();
		}).limit(most).toList();
	}

	/**
	 * Forgets batches that were begun before a moment and have no job any more.
	 * @param most how many at most
	 */
	public void forget(Instant moment, int most) {
		List<String> old = this.jdbc.sql("""
				select id from batch b where created_at < :moment
				and not exists (select 1 from job j where j.batch = b.id) order by created_at limit\s""" + most)
			.param("moment", SqlTime.of(moment))
			.query(String.class)
			.list();
		if (!old.isEmpty()) {
			this.jdbc.sql("""
					delete from batch where id in (:ids) and (completed_at is null or completed_at < :moment)
					and not exists (select 1 from job where job.batch = batch.id)
					""").param("ids", old).param("moment", SqlTime.of(moment)).update();
		}
	}

	private OffsetDateTime now() {
		return OffsetDateTime.now(this.clock);
	}

	private static Batch batch(ResultSet row, int number) throws SQLException {
		String targets = row.getString("targets");
		return new Batch(row.getString("id"), row.getObject("size", Long.class), row.getLong("total"),
				row.getLong("succeeded"), row.getLong("failed"), row.getLong("expired"),
				(targets != null) ? Arrays.asList(targets.split(" ")) : List.of(), SqlTime.read(row, "created_at"),
				SqlTime.read(row, "sealed_at"), SqlTime.read(row, "completed_at"));
	}

}
