package io.vedette.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vedette.delivery.DeliveryPage.Cursor;
import io.vedette.delivery.EventStore.NewEvent;
import io.vedette.delivery.EventStore.Place;
import io.vedette.delivery.Settlement.Finished;
import io.vedette.delivery.TargetStates.Backlog;
import io.vedette.job.IndexValues;
import io.vedette.job.Job;
import io.vedette.job.SqlArray;
import io.vedette.job.SqlTime;
import io.vedette.node.Node;
import jakarta.annotation.Nullable;

import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The event and delivery rows. */
@Repository("deliveries")
public class DeliveryStore {

	private static final String DELIVERY = """
			select d.id, d.target, d.attempts, d.job, j.provider, j.job_id, j.request_id, j.traceparent, e.seq, e.event_id, e.type, e.file_name,
			e.image_url, e.body, e.stored_at, d.awaits_picture, d.replayed
			from delivery d join event e on e.id = d.event left join job j on j.id = d.job
			""";

	/**
	 * Sorted as the index is, and without a lock: H2 would lock every row that is due
	 * before it looks at the limit. The faces of a job are told by one value: else H2
	 * would look for them among all that waits for the target. They are the rows before
	 * that of the job's event: a job that is watched again has more behind it. An event
	 * without a job has none: H2 would look for them among all rows without a job.
	 */
	private static final String DUE = """
			(select id from delivery d
			where status = 'PENDING' and target = :target and awaits_picture = %s and due_at <= :now and %s
			and (job is null or exists (select 1 from event e where e.id = d.event and e.type = :face)
			or not exists (select 1 from delivery f where f.job = d.job and case when f.target = d.target
			and f.status = 'PENDING' and f.attempts = 0 and f.id < d.id then true else false end))
			and (job is not null or not exists (select 1 from held_delivery h where h.delivery = d.id))
			order by status, target, awaits_picture, due_at
			limit :%s)
			""";

	private static final String REPLAY = """
			update delivery set status = 'PENDING', attempts = 0, due_at = :now, owner = null, settled_at = null,
			replayed = true, awaits_picture =\s""";

	/**
	 * Of what was delivered without its picture, that alone; of what is dead, what it
	 * waited for.
	 */
	private static final String REST = "(awaits_picture or status = 'DELIVERED')";

	/** The event itself, also of what was delivered. */
	private static final String WHOLE = "(awaits_picture and status = 'DEAD')";

	/**
	 * Whether a row is still this node's and open. In a case, so that PostgreSQL looks up
	 * the ids beside it and not everything that the node owns, or has owned since the
	 * last vacuum.
	 */
	private static final String OWN = "case when owner = :owner and status = 'PENDING' then true else false end";

	/** Behind every moment that is one. */
	private static final Instant FAR = Instant.parse("9999-12-31T00:00:00Z");

	/** Deliveries of one kind are counted up to here: more take long, and say no more. */
	public static final int COUNTED = 10_000;

	private final JdbcClient jdbc;

	private final NamedParameterJdbcTemplate batch;

	private final EventStore events;

	private final HeldDeliveries held;

	private final Targets targets;

	private final Node node;

	private final Clock clock;

	DeliveryStore(JdbcClient jdbc, NamedParameterJdbcTemplate batch, EventStore events, HeldDeliveries held,
			Targets targets, Node node, Clock clock) {
		this.jdbc = jdbc;
		this.batch = batch;
		this.events = events;
		this.held = held;
		this.targets = targets;
		this.node = node;
		this.clock = clock;
	}

	/**
	 * Stores the events of jobs, and a delivery for each target that wants them. Part of
	 * the terminal transaction. A target that can't take all of a job now gets them by
	 * the timer.
	 * @return by job, the deliveries that are this node's to attempt
	 */
	Map<Finished, List<Delivery>> add(List<Finished> jobs) {
		List<NewEvent> events = jobs.stream().flatMap(this::newEvents).toList();
		Map<Place, Long> eventIds = this.events.add(events, now());
		List<NewDelivery> deliveries = newDeliveries(events, eventIds);
		Map<DeliveryPlace, Long> ids = new HashMap<>();
		EventStore.inChunks(deliveries, (chunk) -> insertDeliveries(chunk, ids));
		return deliveries.stream()
			.filter(NewDelivery::fits)
			.collect(Collectors.groupingBy((delivery) -> delivery.event().finished(),
					Collectors.collectingAndThen(Collectors.toList(), (own) -> own(own, ids))));
	}

	private Stream<NewEvent> newEvents(Finished finished) {
		// The events of a run follow those of the runs before it.
		int first = (finished.job().run() == 1) ? 0 : this.events.count(finished.job());
		return IntStream.range(0, finished.events().size())
			.mapToObj((index) -> new NewEvent(finished, new Place(finished.job().id(), first + index),
					finished.events().get(index)));
	}

	/**
	 * Stores an event that has no job, and a delivery for each of these targets, for the
	 * timer to pick up.
	 */
	@Transactional
	public void add(Event event, List<String> listeners) {
		insert(event, listeners);
	}

	/**
	 * Stores the event of a batch and its deliveries, which wait for those of its jobs.
	 * Part of the transaction that completes it.
	 */
	void addBehindJobs(Event event, String batch, List<String> listeners) {
		this.held.hold(insert(event, listeners), batch);
	}

	private long insert(Event event, List<String> listeners) {
		OffsetDateTime now = now();
		KeyHolder row = new GeneratedKeyHolder();
		this.jdbc.sql("""
				insert into event (seq, event_id, type, file_name, body, stored_at)
				values (0, :eventId, :type, :fileName, :body, :now)
				""")
			.param("eventId", event.eventId())
			.param("type", event.type())
			.param("fileName", event.fileName())
			.param("body", event.body())
			.param("now", now)
			.update(row, "id");
		listeners.forEach((target) -> this.jdbc.sql("""
				insert into delivery (event, target, status, due_at) values (:event, :target, 'PENDING', :now)
				""").param("event", row.getKey()).param("target", target).param("now", now).update());
		return row.getKey().longValue();
	}

	/**
	 * The events without a job that were stored before a moment, oldest first: row, and
	 * file below the directory of a files target.
	 */
	Map<Long, String> eventsWithoutJob(Instant moment, int limit) {
		Map<Long, String> files = new LinkedHashMap<>();
		this.jdbc.sql("""
				select id, type, file_name from event where job is null and stored_at < :moment
				order by stored_at limit :limit
				""").param("moment", SqlTime.of(moment)).param("limit", limit).query((row) -> {
			files.put(row.getLong("id"),
					Delivery.directoryOf(row.getString("type")) + "/" + row.getString("file_name") + ".json");
		});
		return files;
	}

	/** Deletes events without a job, and with them their deliveries. */
	@Transactional
	public void forgetEvents(Collection<Long> ids) {
		this.jdbc.sql("delete from event where id in (:ids)").param("ids", ids).update();
		this.held.forgetLost();
	}

	/** Target by target, the faces of a job before its own event. */
	private List<NewDelivery> newDeliveries(List<NewEvent> events, Map<Place, Long> eventIds) {
		Map<Finished, List<NewEvent>> byJob = events.stream()
			.collect(Collectors.groupingBy(NewEvent::finished, LinkedHashMap::new, Collectors.toList()));
		Map<String, Integer> rooms = new HashMap<>();
		List<NewDelivery> deliveries = new ArrayList<>();
		byJob.forEach((finished, all) -> this.targets.of(finished.job()).forEach((target) -> {
			boolean fits = takes(rooms, target, all.size());
			wanted(target, all).forEach((event) -> deliveries
				.add(new NewDelivery(event, new DeliveryPlace(eventIds.get(event.place()), target), fits)));
		}));
		return deliveries;
	}

	/** Whether the queue of a target has room for so many beside those before them. */
	private boolean takes(Map<String, Integer> rooms, String target, int events) {
		int rest = rooms.computeIfAbsent(target, this.targets::room) - events;
		if (rest >= 0) {
			rooms.put(target, rest);
		}
		return rest >= 0;
	}

	private Stream<NewEvent> wanted(String target, List<NewEvent> events) {
		return events.stream().filter((event) -> this.targets.wants(target, event.event().type()));
	}

	/** One statement, whatever the number of rows: it is parsed and planned once. */
	private void insertDeliveries(List<NewDelivery> deliveries, Map<DeliveryPlace, Long> ids) {
		KeyHolder keys = new GeneratedKeyHolder();
		this.batch.update("""
				insert into delivery (event, job, target, status, due_at, owner)
				select event, job, target, 'PENDING', cast(:now as timestamp with time zone), owner
				from unnest(cast(:events as bigint array), cast(:jobs as bigint array), cast(:targets as varchar array),
				cast(:owners as varchar array)) as added (event, job, target, owner)
				""", new MapSqlParameterSource("now", now())
			.addValue("events", SqlArray.of("bigint", deliveries, (row) -> row.place().event()))
			.addValue("jobs", SqlArray.of("bigint", deliveries, (row) -> row.event().place().job()))
			.addValue("targets", SqlArray.of("varchar", deliveries, (row) -> row.place().target()))
			.addValue("owners", SqlArray.of("varchar", deliveries, (row) -> row.fits() ? this.node.name() : null)),
				keys, new String[] { "id", "event", "target" });
		keys.getKeyList()
			.forEach(
					(row) -> ids.put(new DeliveryPlace(EventStore.number(row.get("event")), (String) row.get("target")),
							EventStore.number(row.get("id"))));
	}

	/** The events are not read back: all targets share those in memory. */
	private List<Delivery> own(List<NewDelivery> deliveries, Map<DeliveryPlace, Long> ids) {
		Instant now = this.clock.instant();
		return deliveries.stream()
			.map((added) -> new Delivery(ids.get(added.place()), added.place().target(), 0,
					added.event().finished().job().provider(), added.event().finished().job().jobId(),
					added.event().event(), false, null, false, now, added.event().finished().job().traceparent(),
					added.event().finished().job().requestId()))
			.collect(Collectors.groupingBy(Delivery::target, LinkedHashMap::new, Collectors.toList()))
			.values()
			.stream()
			.flatMap((toTarget) -> following(toTarget).stream())
			.toList();
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
	 * Rows of the deliveries of a target that are due and have no owner, or one that is
	 * no longer seen; the event of a job not before each of its faces there has been sent
	 * or has failed an attempt, that of a batch not before it is let go. None of them is
	 * locked: most of the time there are none.
	 * @param most how many of those whose event has not arrived
	 * @param mostPictures how many of those that only wait for their picture
	 */
	List<Long> due(String target, int most, int mostPictures) {
		List<String> kinds = new ArrayList<>();
		if (most > 0) {
			kinds.add(DUE.formatted("false", this.node.freeWork(), "most"));
		}
		if (mostPictures > 0) {
			kinds.add(DUE.formatted("true", this.node.freeWork(), "mostPictures"));
		}
		// H2 keeps a select for the next time, and parses a union anew each time.
		return kinds.isEmpty() ? List.of()
				: this.jdbc.sql("select id from (%s) due".formatted(String.join(" union all ", kinds)))
					.param("target", target)
					.param("face", Event.FACE)
					.param("now", now())
					.param("me", this.node.name())
					.param("most", most)
					.param("mostPictures", mostPictures)
					.query(Long.class)
					.list();
	}

	/** Takes those of them that are still due and free. */
	@Transactional
	public List<Delivery> claim(List<Long> due) {
		List<Long> ids = lock(due);
		if (ids.isEmpty()) {
			return List.of();
		}
		this.jdbc.sql("update delivery set owner = :owner where id in (:ids)")
			.param("owner", this.node.name())
			.param("ids", ids)
			.update();
		return withEvents(this.jdbc.sql(DELIVERY + " where d.id in (:ids) order by d.id")
			.param("ids", ids)
			.query(Claimed::of)
			.list());
	}

	/** Events that have no job, and old ones, are in rows of their own. */
	private List<Delivery> withEvents(List<Claimed> claimed) {
		Map<Place, Event> packed = this.events
			.find(claimed.stream().filter((row) -> row.event() == null).map(Claimed::place).toList());
		return claimed.stream().map((row) -> row.with(packed)).toList();
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
					settled_at = :now, awaits_picture = :incomplete, owner = null
					where id = any(:ids) and\s""" + OWN)
				.param("reason", same.getKey())
				.param("now", now())
				.param("incomplete", !same.getKey().isEmpty())
				.param("ids", SqlArray.of("bigint", same.getValue(), (id) -> id))
				.param("owner", this.node.name())
				.update();
		}
		return delivered;
	}

	/**
	 * They will not be tried again.
	 * @return those of them that were still this node's
	 */
	@Transactional
	public List<Attempt> dead(List<Attempt> attempts) {
		int[] updated = updateEach("""
				update delivery set status = 'DEAD', attempts = attempts + 1, reason = :reason, settled_at = :now,
				awaits_picture = :picture, owner = null
				where id = :id and\s""" + OWN, attempts);
		return IntStream.range(0, updated.length).filter((i) -> updated[i] == 1).mapToObj(attempts::get).toList();
	}

	/** They are tried again, by whichever node comes first. The same. */
	@Transactional
	public int postpone(List<Attempt> attempts) {
		return update("""
				update delivery set attempts = attempts + 1, due_at = :due, reason = :reason,
				awaits_picture = :picture, owner = null
				where id = :id and\s""" + OWN, attempts);
	}

	/** They go back untried, for the timer to pick up. The same. */
	@Transactional
	public int handBack(List<Attempt> attempts) {
		return update("""
				update delivery set due_at = coalesce(cast(:later as timestamp with time zone), due_at),
				awaits_picture = :picture, owner = null
				where id = :id and\s""" + OWN, attempts);
	}

	private int update(String sql, List<Attempt> attempts) {
		return IntStream.of(updateEach(sql, attempts)).sum();
	}

	private int[] updateEach(String sql, List<Attempt> attempts) {
		OffsetDateTime now = now();
		return this.batch.batchUpdate(sql,
				attempts.stream()
					.map((attempt) -> new MapSqlParameterSource("id", attempt.delivery().id())
						.addValue("reason", attempt.reason())
						.addValue("due", now.plus(attempt.retryAfter()))
						.addValue("picture", attempt.delivery().awaitsPicture())
						.addValue("later", attempt.retryAfter().isZero() ? null : now.plus(attempt.retryAfter()))
						.addValue("now", now)
						.addValue("owner", this.node.name()))
					.toArray(MapSqlParameterSource[]::new));
	}

	/** The events of these have arrived, their pictures have not. */
	void awaitPictures(Collection<Long> ids) {
		if (!ids.isEmpty()) {
			this.jdbc.sql("update delivery set awaits_picture = true where id in (:ids) and " + OWN)
				.param("ids", ids)
				.param("owner", this.node.name())
				.update();
		}
	}

	/** Gives deliveries back untried, for the timer to pick up. */
	void release(Collection<Long> ids) {
		this.jdbc.sql("update delivery set owner = null where id in (:ids) and " + OWN)
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
			.param("moment", SqlTime.of(moment))
			.update();
	}

	/**
	 * The first of some jobs, at least one: those that have no more deliveries than that
	 * together.
	 */
	List<Job> first(List<Job> jobs, int most) {
		Map<Long, Integer> counts = new HashMap<>();
		this.jdbc.sql("select job, count(*) deliveries from delivery where job in (:jobs) group by job")
			.param("jobs", jobs.stream().map(Job::id).toList())
			.query((row) -> {
				counts.put(row.getLong("job"), row.getInt("deliveries"));
			});
		int end = 1;
		for (int deliveries = counts.getOrDefault(jobs.get(0).id(), 0); end < jobs.size(); end++) {
			deliveries += counts.getOrDefault(jobs.get(end).id(), 0);
			if (deliveries > most) {
				break;
			}
		}
		return jobs.subList(0, end);
	}

	/** Deletes the deliveries of jobs: from now on none of them is claimed. */
	void forget(Collection<Long> jobs) {
		this.jdbc.sql("delete from delivery where job in (:jobs)").param("jobs", jobs).update();
	}

	/**
	 * A page of deliveries: the newest first, or where it is said when they were settled,
	 * the last settled first.
	 * @param status only these, or null
	 * @param target only its, or null
	 * @param settled only those settled then
	 * @param after only those behind the last of the page before, or null
	 */
	public List<DeliveryRow> list(DeliveryStatus status, String target, TimeRange settled, Cursor after, int limit) {
		DeliveryPage page = new DeliveryPage(settled, after, limit);
		if (status == null && target == null && settled.isOpen()) {
			page.add(null, null);
		}
		else {
			for (String one : targets(target)) {
				Stream.of(DeliveryStatus.values())
					.filter((other) -> status == null || status == other)
					.forEach((other) -> page.add(one, other));
			}
		}
		List<Long> ids = page.isEmpty() ? List.of()
				: this.jdbc.sql(page.toString()).params(page.values()).query(Long.class).list();
		return ids.isEmpty() ? List.of()
				: this.jdbc.sql(DeliveryRow.SELECT + " where d.id in (:ids) order by " + page.order())
					.param("ids", ids)
					.query(this::row)
					.list();
	}

	/** The target, or where it is null all that have deliveries, configured or not. */
	private List<String> targets(String target) {
		return (target != null) ? List.of(target) : IndexValues.of(this.jdbc, "delivery", "target", "target");
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
					earlier(SqlTime.read(row, "event_due_at"), SqlTime.read(row, "picture_due_at"))))
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
		return this.events.of(job).stream().filter(Event::isFace).map(Event::body).toList();
	}

	/** The events of a job about itself: one for each time that it has ended. */
	public List<String> endsOf(Job job) {
		return this.events.of(job).stream().filter((event) -> !event.isFace()).map(Event::body).toList();
	}

	/**
	 * Makes deliveries due again, with their retry schedule from the start: dead ones,
	 * and those that were delivered without their picture. Of the latter only the picture
	 * is asked for.
	 * @param target only its, or null
	 * @param settled only those settled then
	 * @return how many
	 */
	@Transactional
	public int replay(String target, TimeRange settled) {
		return targets(target).stream()
			.mapToInt((one) -> replay("status = 'DEAD'", one, settled)
					+ replay("status = 'DELIVERED' and awaits_picture and reason is not null", one, settled))
			.sum();
	}

	private int replay(String which, String target, TimeRange settled) {
		return this.jdbc
			.sql(REPLAY + REST + " where target = :target and settled_at >= :since and settled_at < :until and "
					+ which)
			.param("now", now())
			.param("target", target)
			.param("since", settled.begin())
			.param("until", settled.end())
			.update();
	}

	/** The same for the deliveries with these ids. */
	public int replay(List<Long> ids) {
		return this.jdbc.sql(REPLAY + REST + """
				 where id in (:ids) and (status = 'DEAD' or status = 'DELIVERED' and reason is not null)
				""").param("now", now()).param("ids", ids).update();
	}

	/**
	 * The same for those of these deliveries that have a status: their whole events; of a
	 * dead one whose event had arrived, the picture alone.
	 */
	public int replay(DeliveryStatus status, List<Long> ids) {
		return this.jdbc.sql(REPLAY + WHOLE + " where id in (:ids) and status = :status")
			.param("now", now())
			.param("ids", ids)
			.param("status", status.name())
			.update();
	}

	private OffsetDateTime now() {
		return OffsetDateTime.now(this.clock);
	}

	/**
	 * A delivery that is about to be stored.
	 *
	 * @param fits whether it is this node's to attempt
	 */
	private record NewDelivery(NewEvent event, DeliveryPlace place, boolean fits) {
	}

	/** What tells the row of a delivery before it has an id. */
	private record DeliveryPlace(long event, String target) {
	}

	/**
	 * A stretch of time; an end that is null is open.
	 *
	 * @param since its first moment
	 * @param until the first moment behind it
	 */
	public record TimeRange(Instant since, Instant until) {

		/** Whether it is all time. */
		public boolean isOpen() {
			return this.since == null && this.until == null;
		}

		OffsetDateTime begin() {
			return SqlTime.of((this.since != null) ? this.since : Instant.EPOCH);
		}

		OffsetDateTime end() {
			return SqlTime.of((this.until != null) ? this.until : FAR);
		}

	}

	/**
	 * A row of a delivery that is claimed.
	 *
	 * @param delivery what there is of it, with null as its event where that is packed
	 * @param place where its event is
	 */
	private record Claimed(Delivery delivery, Place place) {

		private static Claimed of(ResultSet row, int number) throws SQLException {
			Event event = (row.getString("body") != null) ? EventStore.event(row) : null;
			return new Claimed(
					new Delivery(row.getLong("id"), row.getString("target"), row.getInt("attempts"),
							row.getString("provider"), row.getString("job_id"), event, row.getBoolean("awaits_picture"),
							null, row.getBoolean("replayed"), SqlTime.read(row, "stored_at"),
							row.getString("traceparent"), row.getString("request_id")),
					new Place(row.getLong("job"), row.getInt("seq")));
		}

		private Event event() {
			return this.delivery.event();
		}

		private Delivery with(Map<Place, Event> packed) {
			return (event() != null) ? this.delivery : this.delivery.with(packed.get(this.place));
		}

	}

	/**
	 * A delivery as its row has it.
	 *
	 * @param id names it in a replay
	 * @param provider null of an event that has no job, as is the job's id
	 * @param event CloudEvents id of its event
	 * @param dueAt when it is tried next, or was due last
	 * @param reason why it is late, dead or incomplete, or null
	 */
	public record DeliveryRow(long id, @Nullable String provider, @Nullable String jobId, String event, String target,
			DeliveryStatus status, int attempts, Instant dueAt, @Nullable Instant settledAt, @Nullable String reason) {

		private static final String SELECT = """
				select d.id, j.provider, j.job_id, e.event_id, d.target, d.status, d.attempts, d.due_at, d.settled_at,
				d.reason
				from delivery d join event e on e.id = d.event left join job j on j.id = d.job
				""";

		private static DeliveryRow of(ResultSet row) throws SQLException {
			return new DeliveryRow(row.getLong("id"), row.getString("provider"), row.getString("job_id"),
					row.getString("event_id"), row.getString("target"), DeliveryStatus.valueOf(row.getString("status")),
					row.getInt("attempts"), row.getObject("due_at", OffsetDateTime.class).toInstant(),
					SqlTime.read(row, "settled_at"), row.getString("reason"));
		}

		private DeliveryRow lateBecause(String why) {
			return new DeliveryRow(this.id, this.provider, this.jobId, this.event, this.target, this.status,
					this.attempts, this.dueAt, this.settledAt, why);
		}

	}

}
