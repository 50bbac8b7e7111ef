package io.vedette.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vedette.delivery.TargetStates.Backlog;
import io.vedette.job.Job;
import io.vedette.node.Node;

import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The event and delivery rows. */
@Repository("deliveries")
public class DeliveryStore {

	private static final String DELIVERY = """
			select d.id, d.target, d.attempts, j.provider, j.job_id, e.event_id, e.type, e.file_name, e.image_url, e.body,
			d.awaits_picture
			from delivery d join event e on e.id = d.event join job j on j.id = d.job
			""";

	private static final String REPLAY = """
			update delivery set status = 'PENDING', attempts = 0, due_at = :now, owner = null, settled_at = null,
			awaits_picture = (awaits_picture or status = 'DELIVERED')
			where (status = 'DEAD' or status = 'DELIVERED' and reason is not null)
			""";

	/** Deliveries of one kind are counted up to here: more take long, and say no more. */
	static final int COUNTED = 10_000;

	/** Events that are inserted together. */
	private static final int CHUNK = 500;

	private final JdbcClient jdbc;

	private final NamedParameterJdbcTemplate batch;

	private final Targets targets;

	private final Node node;

	private final Clock clock;

	DeliveryStore(JdbcClient jdbc, NamedParameterJdbcTemplate batch, Targets targets, Node node, Clock clock) {
		this.jdbc = jdbc;
		this.batch = batch;
		this.targets = targets;
		this.node = node;
		this.clock = clock;
	}

	/**
	 * Stores a job's events, and a delivery for each target that wants them. Part of the
	 * terminal transaction. A target that can't take them all now gets them by the timer.
	 * @return the deliveries that are this node's to attempt
	 */
	List<Delivery> add(Job job, List<Event> events) {
		int first = (job.run() == 1) ? 0 : eventCount(job);
		for (int from = 0; from < events.size(); from += CHUNK) {
			insert(job, events, first, from, Math.min(from + CHUNK, events.size()));
		}
		List<Delivery> own = new ArrayList<>();
		for (String target : this.targets.of(job)) {
			boolean fits = this.targets.room(target) >= events.size();
			this.jdbc.sql("""
					insert into delivery (event, job, target, status, due_at, owner)
					select id, job, :target, 'PENDING', :now, :owner from event
					where job = :job and seq >= :first and (:all or type in (:types)) order by seq
					""")
				.param("target", target)
				.param("now", now())
				.param("owner", fits ? this.node.name() : null)
				.param("job", job.id())
				.param("first", first)
				.param("all", this.targets.eventsOf(target).contains("*"))
				.param("types", this.targets.eventsOf(target))
				.update();
			if (fits) {
				own.addAll(following(own(job, target, events, first)));
			}
		}
		return own;
	}

	/** The events of earlier runs; each run's follow those before it. */
	private int eventCount(Job job) {
		return this.jdbc.sql("select count(*) from event where job = :job")
			.param("job", job.id())
			.query(Integer.class)
			.single();
	}

	private void insert(Job job, List<Event> events, int first, int from, int to) {
		this.batch.batchUpdate("""
				insert into event (job, seq, event_id, type, file_name, image_url, body)
				values (:job, :seq, :eventId, :type, :fileName, :imageUrl, :body)
				""", IntStream.range(from, to).mapToObj((index) -> {
			Event event = events.get(index);
			return new MapSqlParameterSource("job", job.id()).addValue("seq", first + index)
				.addValue("eventId", event.eventId())
				.addValue("type", event.type())
				.addValue("fileName", event.fileName())
				.addValue("imageUrl", event.imageUrl())
				.addValue("body", event.body());
		}).toArray(MapSqlParameterSource[]::new));
	}

	/** The events are not read back: all targets share those in memory. */
	private List<Delivery> own(Job job, String target, List<Event> events, int first) {
		return this.jdbc.sql("""
				select d.id, e.seq from delivery d join event e on e.id = d.event
				where d.job = :job and d.target = :target and e.seq >= :first order by e.seq
				""")
			.param("job", job.id())
			.param("target", target)
			.param("first", first)
			.query((row, number) -> new Delivery(row.getLong("id"), target, 0, job.provider(), job.jobId(),
					events.get(row.getInt("seq") - first), false, null))
			.list();
	}

	/** Has the event of a job follow those of its faces, if there are any. */
	private static List<Delivery> following(List<Delivery> deliveries) {
		List<Delivery> faces = deliveries.stream().filter((delivery) -> delivery.event().isFace()).toList();
		if (faces.isEmpty() || faces.size() == deliveries.size()) {
			return deliveries;
		}
		Follower follower = new Follower(deliveries.get(deliveries.size() - 1), faces.size());
		return faces.stream().map((face) -> face.before(follower)).toList();
	}

	/**
	 * Takes deliveries of a target that are due and have no owner, or one that is no
	 * longer seen; the event of a job not before each of its faces there has been sent or
	 * has failed an attempt.
	 * @param awaitingPicture those whose event has arrived, or the others
	 */
	@Transactional
	public List<Delivery> claim(String target, int limit, boolean awaitingPicture) {
		List<Long> ids = (limit > 0) ? lock(next(target, limit, awaitingPicture)) : List.of();
		if (ids.isEmpty()) {
			return List.of();
		}
		this.jdbc.sql("update delivery set owner = :owner where id in (:ids)")
			.param("owner", this.node.name())
			.param("ids", ids)
			.update();
		return this.jdbc.sql(DELIVERY + " where d.id in (:ids) order by d.id")
			.param("ids", ids)
			.query(DeliveryStore::delivery)
			.list();
	}

	/**
	 * Sorted as the index is, and without a lock: H2 would lock every row that is due
	 * before it looks at the limit. The faces of a job are told by one value: else H2
	 * would look for them among all that waits for the target. They are the rows before
	 * that of the job's event: a job that is watched again has more behind it.
	 */
	private List<Long> next(String target, int limit, boolean awaitingPicture) {
		return this.jdbc.sql("""
				select id from delivery d
				where status = 'PENDING' and target = :target and awaits_picture = :picture and due_at <= :now and %s
				and (exists (select 1 from event e where e.id = d.event and e.type = :face)
				or not exists (select 1 from delivery f where f.job = d.job and case when f.target = d.target
				and f.status = 'PENDING' and f.attempts = 0 and f.id < d.id then true else false end))
				order by status, target, awaits_picture, due_at
				limit :limit
				""".formatted(this.node.freeWork()))
			.param("target", target)
			.param("picture", awaitingPicture)
			.param("face", Event.FACE)
			.param("now", now())
			.param("me", this.node.name())
			.param("limit", limit)
			.query(Long.class)
			.list();
	}

	/** Those of the rows that no other node takes at this moment. */
	private List<Long> lock(List<Long> ids) {
		return ids.isEmpty() ? ids
				: this.jdbc.sql("""
						select id from delivery
						where id in (:ids) and status = 'PENDING' and due_at <= :now and %s
						for update skip locked
						""".formatted(this.node.freeWork()))
					.param("ids", ids)
					.param("now", now())
					.param("me", this.node.name())
					.query(Long.class)
					.list();
	}

	/**
	 * The targets have these.
	 * @return how many of them were still this node's
	 */
	@Transactional
	public int delivered(List<Attempt> attempts) {
		Map<String, List<Long>> byReason = attempts.stream()
			.collect(Collectors.groupingBy((attempt) -> Objects.requireNonNullElse(attempt.reason(), ""),
					Collectors.mapping((attempt) -> attempt.delivery().id(), Collectors.toList())));
		int delivered = 0;
		for (Map.Entry<String, List<Long>> same : byReason.entrySet()) {
			delivered += this.jdbc.sql("""
					update delivery set status = 'DELIVERED', attempts = attempts + 1, reason = nullif(:reason, ''),
					settled_at = :now, owner = null
					where id in (:ids) and owner = :owner and status = 'PENDING'
					""")
				.param("reason", same.getKey())
				.param("now", now())
				.param("ids", same.getValue())
				.param("owner", this.node.name())
				.update();
		}
		return delivered;
	}

	/** They will not be tried again. The same as {@link #delivered}. */
	@Transactional
	public int dead(List<Attempt> attempts) {
		return update("""
				update delivery set status = 'DEAD', attempts = attempts + 1, reason = :reason, settled_at = :now,
				awaits_picture = :picture, owner = null
				where id = :id and owner = :owner and status = 'PENDING'
				""", attempts);
	}

	/** They are tried again, by whichever node comes first. The same. */
	@Transactional
	public int postpone(List<Attempt> attempts) {
		return update("""
				update delivery set attempts = attempts + 1, due_at = :due, reason = :reason,
				awaits_picture = :picture, owner = null
				where id = :id and owner = :owner and status = 'PENDING'
				""", attempts);
	}

	/** They go back untried, for the timer to pick up. The same. */
	@Transactional
	public int handBack(List<Attempt> attempts) {
		return update("""
				update delivery set due_at = coalesce(cast(:later as timestamp with time zone), due_at),
				awaits_picture = :picture, owner = null
				where id = :id and owner = :owner and status = 'PENDING'
				""", attempts);
	}

	private int update(String sql, List<Attempt> attempts) {
		OffsetDateTime now = now();
		int[] updated = this.batch.batchUpdate(sql,
				attempts.stream()
					.map((attempt) -> new MapSqlParameterSource("id", attempt.delivery().id())
						.addValue("reason", attempt.reason())
						.addValue("due", now.plus(attempt.retryAfter()))
						.addValue("picture", attempt.delivery().awaitsPicture())
						.addValue("later", attempt.retryAfter().isZero() ? null : now.plus(attempt.retryAfter()))
						.addValue("now", now)
						.addValue("owner", this.node.name()))
					.toArray(MapSqlParameterSource[]::new));
		return IntStream.of(updated).sum();
	}

	/** The events of these have arrived, their pictures have not. */
	void awaitPictures(Collection<Long> ids) {
		if (!ids.isEmpty()) {
			this.jdbc.sql("update delivery set awaits_picture = true where id in (:ids) and owner = :owner")
				.param("ids", ids)
				.param("owner", this.node.name())
				.update();
		}
	}

	/** Gives deliveries back untried, for the timer to pick up. */
	void release(Collection<Long> ids) {
		this.jdbc.sql("update delivery set owner = null where id in (:ids) and owner = :owner")
			.param("ids", ids)
			.param("owner", this.node.name())
			.update();
	}

	/** Rows of the open deliveries of this node. */
	Set<Long> own() {
		return this.jdbc.sql("select id from delivery where status = 'PENDING' and owner = :owner")
			.param("owner", this.node.name())
			.query(Long.class)
			.set();
	}

	/**
	 * Ends the deliveries of a target that were tried so often and have been due since
	 * before a moment.
	 * @return how many
	 */
	int expire(String target, int attempts, Instant moment) {
		return this.jdbc.sql("""
				update delivery set status = 'DEAD', settled_at = :now,
				reason = 'expired while the target was paused' || coalesce('; ' || reason, '')
				where status = 'PENDING' and target = :target and due_at < :moment and owner is null
				and attempts = :attempts
				""")
			.param("now", now())
			.param("target", target)
			.param("attempts", attempts)
			.param("moment", time(moment))
			.update();
	}

	/** Deletes a job's deliveries: from now on none of them is claimed. */
	void forget(Job job) {
		this.jdbc.sql("delete from delivery where job = :job").param("job", job.id()).update();
	}

	/**
	 * A page of deliveries, newest first.
	 * @param status only these, or null
	 * @param target only its, or null
	 * @param settled only those settled then
	 * @param after only rows older than the one with this id, or null
	 */
	public List<DeliveryRow> list(String status, String target, TimeRange settled, Long after, int limit) {
		return this.jdbc.sql(DeliveryRow.SELECT + """
				 where (cast(:status as varchar) is null or d.status = :status)
				and (cast(:target as varchar) is null or d.target = :target)
				and (cast(:since as timestamp with time zone) is null or d.settled_at >= :since)
				and (cast(:until as timestamp with time zone) is null or d.settled_at < :until)
				and (cast(:after as bigint) is null or d.id < :after)
				order by d.id desc
				limit :limit
				""")
			.param("status", status)
			.param("target", target)
			.param("since", time(settled.since()))
			.param("until", time(settled.until()))
			.param("after", after)
			.param("limit", limit)
			.query(this::row)
			.list();
	}

	/** What waits for a target that can't be started says so. */
	private DeliveryRow row(ResultSet row, int number) throws SQLException {
		DeliveryRow delivery = DeliveryRow.of(row);
		return (delivery.status() != DeliveryStatus.PENDING) ? delivery
				: this.targets.startFailure(delivery.target()).map(delivery::lateBecause).orElse(delivery);
	}

	/** What is not delivered to a target, read from the index alone. */
	Backlog backlog(String target) {
		return this.jdbc.sql("""
				select (select count(*) from (select 1 from delivery where status = 'PENDING' and target = :target
				limit :most) pending) pending,
				(select count(*) from (select 1 from delivery where status = 'DEAD' and target = :target
				limit :most) dead) dead,
				(select due_at from delivery where status = 'PENDING' and target = :target and awaits_picture = false
				order by status, target, awaits_picture, due_at limit 1) event_due_at,
				(select due_at from delivery where status = 'PENDING' and target = :target and awaits_picture = true
				order by status, target, awaits_picture, due_at limit 1) picture_due_at
				""")
			.param("target", target)
			.param("most", COUNTED)
			.query((row, number) -> new Backlog(row.getLong("pending"), row.getLong("dead"),
					earlier(instant(row.getObject("event_due_at", OffsetDateTime.class)),
							instant(row.getObject("picture_due_at", OffsetDateTime.class)))))
			.single();
	}

	private static Instant earlier(Instant one, Instant other) {
		return Stream.of(one, other).filter(Objects::nonNull).min(Comparator.naturalOrder()).orElse(null);
	}

	/** All deliveries of a job. */
	public List<DeliveryRow> ofJob(Job job) {
		return this.jdbc.sql(DeliveryRow.SELECT + " where d.job = :job order by d.id")
			.param("job", job.id())
			.query(this::row)
			.list();
	}

	/** The face events of a job as they were written, in order. */
	public List<String> facesOf(Job job) {
		return this.jdbc.sql("select body from event where job = :job and type = 'vedette.face.detected' order by seq")
			.param("job", job.id())
			.query(String.class)
			.list();
	}

	/**
	 * Makes deliveries due again, with their retry schedule from the start: dead ones,
	 * and those that were delivered without their picture. Of the latter only the picture
	 * is asked for.
	 * @param target only its, or null
	 * @param settled only those settled then
	 * @return how many
	 */
	public int replay(String target, TimeRange settled) {
		return this.jdbc.sql(REPLAY + """
				and (cast(:target as varchar) is null or target = :target)
				and (cast(:since as timestamp with time zone) is null or settled_at >= :since)
				and (cast(:until as timestamp with time zone) is null or settled_at < :until)
				""")
			.param("now", now())
			.param("target", target)
			.param("since", time(settled.since()))
			.param("until", time(settled.until()))
			.update();
	}

	/** The same for the deliveries with these ids. */
	public int replay(List<Long> ids) {
		return this.jdbc.sql(REPLAY + " and id in (:ids)").param("now", now()).param("ids", ids).update();
	}

	private static OffsetDateTime time(Instant instant) {
		return (instant != null) ? instant.atOffset(ZoneOffset.UTC) : null;
	}

	private static Instant instant(OffsetDateTime time) {
		return (time != null) ? time.toInstant() : null;
	}

	private OffsetDateTime now() {
		return OffsetDateTime.now(this.clock);
	}

	private static Delivery delivery(ResultSet row, int number) throws SQLException {
		return new Delivery(
				row.getLong("id"), row.getString("target"), row.getInt("attempts"), row.getString("provider"),
				row.getString("job_id"), new Event(row.getString("event_id"), row.getString("type"),
						row.getString("file_name"), row.getString("image_url"), row.getString("body")),
				row.getBoolean("awaits_picture"), null);
	}

	/**
	 * A stretch of time; an end that is null is open.
	 *
	 * @param since its first moment
	 * @param until the first moment behind it
	 */
	public record TimeRange(Instant since, Instant until) {
	}

	/**
	 * A delivery as its row has it.
	 *
	 * @param id names it in a replay
	 * @param event CloudEvents id of its event
	 * @param dueAt when it is tried next, or was due last
	 * @param reason why it is late, dead or incomplete, or null
	 */
	public record DeliveryRow(long id, String provider, String jobId, String event, String target,
			DeliveryStatus status, int attempts, Instant dueAt, Instant settledAt, String reason) {

		private static final String SELECT = """
				select d.id, j.provider, j.job_id, e.event_id, d.target, d.status, d.attempts, d.due_at, d.settled_at,
				d.reason
				from delivery d join event e on e.id = d.event join job j on j.id = d.job
				""";

		private static DeliveryRow of(ResultSet row) throws SQLException {
			return new DeliveryRow(row.getLong("id"), row.getString("provider"), row.getString("job_id"),
					row.getString("event_id"), row.getString("target"), DeliveryStatus.valueOf(row.getString("status")),
					row.getInt("attempts"), row.getObject("due_at", OffsetDateTime.class).toInstant(),
					instant(row.getObject("settled_at", OffsetDateTime.class)), row.getString("reason"));
		}

		private DeliveryRow lateBecause(String why) {
			return new DeliveryRow(this.id, this.provider, this.jobId, this.event, this.target, this.status,
					this.attempts, this.dueAt, this.settledAt, why);
		}

	}

}
