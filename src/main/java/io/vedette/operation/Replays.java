package io.vedette.operation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonValue;
import io.vedette.delivery.DeliveryStatus;
import io.vedette.delivery.DeliveryStore;
import io.vedette.delivery.Targets;
import io.vedette.job.SqlTime;
import io.vedette.schedule.RateLimit;
import jakarta.annotation.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Replays that run in the background. A replay is a row; part by part, whichever node
 * comes first makes some of its deliveries due again, at its rate, and no more than the
 * target takes: while a target is paused or has deliveries that wait, it gets none.
 */
@Repository
public class Replays {

	private static final Duration TICK = Duration.ofSeconds(1);

	/** Deliveries of one target that are made due together. */
	private static final int MOST = 1000;

	/** Of one replay in one tick. */
	private static final int PARTS = 10;

	/** The rate of those that were done at once. */
	private static final String AT_ONCE = "at once";

	private static final String COLUMNS = """
			id, status, target, provider, type, since_at, until_at, rate, state, matching, replayed, who, created_at,
			ended_at
			""";

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	private final DeliveryStore deliveries;

	private final Targets targets;

	private final Clock clock;

	Replays(JdbcClient jdbc, TransactionTemplate transaction, DeliveryStore deliveries, Targets targets, Clock clock) {
		this.jdbc = jdbc;
		this.transaction = transaction;
		this.deliveries = deliveries;
		this.targets = targets;
		this.clock = clock;
	}

	/** How a replay is. */
	public enum State {

		RUNNING, PAUSED, STOPPED, DONE;

		@JsonValue
		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/** How many deliveries match now. */
	public long count(ReplayFilter filter) {
		return count(filter, "");
	}

	/** The same for those that have arrived without their picture. */
	public long countIncomplete(ReplayFilter filter) {
		return count(filter, " and d.awaits_picture and d.reason is not null");
	}

	private long count(ReplayFilter filter, String condition) {
		Map<String, Object> values = new HashMap<>();
		String where = where(filter, filter.target(), values);
		return this.jdbc.sql("select count(*) from delivery d " + where + condition)
			.params(values)
			.query(Long.class)
			.single();
	}

	/**
	 * Begins to replay what matches and was settled before now.
	 * @param who ordered it
	 */
	public Replay begin(ReplayFilter filter, RateLimit rate, String who) {
		ReplayFilter settled = until(filter, this.clock.instant());
		return add(settled, rate.toString(), State.RUNNING, count(settled), who);
	}

	/**
	 * Writes one down that was done at once.
	 * @param count how many matched, and are due again
	 */
	public Replay done(ReplayFilter filter, long count, String who) {
		return add(until(filter, this.clock.instant()), AT_ONCE, State.DONE, count, who);
	}

	private static ReplayFilter until(ReplayFilter filter, Instant now) {
		Instant until = (filter.until() != null && filter.until().isBefore(now)) ? filter.until() : now;
		return new ReplayFilter(filter.status(), filter.target(), filter.provider(), filter.type(), filter.since(),
				until);
	}

	private Replay add(ReplayFilter filter, String rate, State state, long matching, String who) {
		OffsetDateTime now = OffsetDateTime.now(this.clock);
		boolean over = state == State.DONE;
		GeneratedKeyHolder key = new GeneratedKeyHolder();
		this.jdbc.sql("""
				insert into replay (status, target, provider, type, since_at, until_at, rate, state, matching, replayed,
				who, created_at, due_at, ended_at)
				values (:status, :target, :provider, :type, :since, :until, :rate, :state, :matching, :replayed, :who,
				:now, :now, :ended)
				""")
			.param("status", filter.status().name())
			.param("target", filter.target())
			.param("provider", filter.provider())
			.param("type", filter.type())
			.param("since", SqlTime.of(filter.since()))
			.param("until", SqlTime.of(filter.until()))
			.param("rate", rate)
			.param("state", state.name())
			.param("matching", matching)
			.param("replayed", over ? matching : 0)
			.param("who", who)
			.param("now", now)
			.param("ended", over ? now : null)
			.update(key, "id");
		return find(key.getKey().longValue()).orElseThrow();
	}

	/**
	 * A page of replays, newest first.
	 * @param after only those older than the one with this id, or null
	 */
	public List<Replay> list(Long after, int limit) {
		return this.jdbc.sql("select " + COLUMNS + " from replay where id < :after order by id desc limit :limit")
			.param("after", (after != null) ? after : Long.MAX_VALUE)
			.param("limit", limit)
			.query(Replays::replay)
			.list();
	}

	/** Forgets what ended before a moment. */
	void forget(Instant moment) {
		this.jdbc.sql("delete from replay where ended_at < :moment").param("moment", SqlTime.of(moment)).update();
	}

	public Optional<Replay> find(long id) {
		return this.jdbc.sql("select " + COLUMNS + " from replay where id = :id")
			.param("id", id)
			.query(Replays::replay)
			.optional();
	}

	/** The last that were ordered, the latest first. */
	public List<Replay> latest(int limit) {
		return this.jdbc.sql("select " + COLUMNS + " from replay order by id desc limit :limit")
			.param("limit", limit)
			.query(Replays::replay)
			.list();
	}

	/**
	 * Pauses, resumes or stops a replay that has not ended.
	 * @return whether it has not
	 */
	public boolean change(long id, State state) {
		return this.jdbc.sql("""
				update replay set state = :state, due_at = :now, ended_at = :ended
				where id = :id and state in ('RUNNING', 'PAUSED')
				""")
			.param("state", state.name())
			.param("ended", (state == State.STOPPED) ? OffsetDateTime.now(this.clock) : null)
			.param("now", OffsetDateTime.now(this.clock))
			.param("id", id)
			.update() == 1;
	}

	/** Does the next part of each replay that is due. */
	void carryOn() {
		this.jdbc.sql("select id from replay where state = 'RUNNING' and due_at <= :now")
			.param("now", OffsetDateTime.now(this.clock))
			.query(Long.class)
			.list()
			.forEach(this::carryOn);
	}

	/** Part by part, as long as it is behind its rate. */
	private void carryOn(long id) {
		for (int part = 0; part < PARTS
				&& Boolean.TRUE.equals(this.transaction.execute((status) -> hasPart(id))); part++) {
			// The next one.
		}
	}

	/** Does one; false if none is due, or the targets take none. */
	private boolean hasPart(long id) {
		Optional<Due> due = lock(id);
		return due.isPresent() && part(due.get()) > 0;
	}

	private Optional<Due> lock(long id) {
		return this.jdbc
			.sql("select due_at, " + COLUMNS
					+ " from replay where id = :id and state = 'RUNNING' and due_at <= :now for update skip locked")
			.param("id", id)
			.param("now", OffsetDateTime.now(this.clock))
			.query((row, number) -> new Due(replay(row, number), SqlTime.read(row, "due_at")))
			.optional();
	}

	/** How many deliveries it makes due again. */
	private long part(Due due) {
		Replay replay = due.replay();
		RateLimit rate = RateLimit.of(replay.rate());
		long perTick = Math.max(1, rate.requests() * TICK.toMillis() / rate.period().toMillis());
		long most = Math.min(MOST, perTick);
		long left = most;
		boolean waits = false;
		for (String target : targets(replay)) {
			if (left > 0) {
				long room = Math.min(room(target, perTick), left);
				int replayed = (room > 0) ? replay(replay, target, room) : 0;
				waits |= room <= 0 && !next(replay, target, 1).isEmpty();
				left -= replayed;
			}
		}
		boolean over = left == most && !waits;
		this.jdbc.sql("""
				update replay set replayed = replayed + :replayed, due_at = :due, state = :state, ended_at = :ended
				where id = :id
				""")
			.param("replayed", most - left)
			.param("due",
					SqlTime.of(due.since(this.clock.instant().minus(TICK)).plus(rate.round(Math.max(1, most - left)))))
			.param("state", (over ? State.DONE : State.RUNNING).name())
			.param("ended", over ? OffsetDateTime.now(this.clock) : null)
			.param("id", replay.id())
			.update();
		return most - left;
	}

	private List<String> targets(Replay replay) {
		return (replay.filter().target() != null) ? List.of(replay.filter().target()) : this.targets.names();
	}

	/**
	 * What the target takes now: none while it is paused, and no more than would wait for
	 * it.
	 * @param most how many may wait
	 */
	private long room(String target, long most) {
		int free = this.targets.room(target);
		return (free == 0) ? 0
				: Math.min(free, most) - this.jdbc.sql("""
						select count(*) from (select 1 from delivery where status = 'PENDING' and target = :target
						and due_at <= :now limit :most) due
						""")
					.param("target", target)
					.param("now", OffsetDateTime.now(this.clock))
					.param("most", most)
					.query(Long.class)
					.single();
	}

	/** What comes next at a target, behind the place to which the replay has come. */
	private List<Place> next(Replay replay, String target, long most) {
		Place place = place(replay.id(), target);
		Map<String, Object> values = new HashMap<>();
		StringBuilder where = new StringBuilder(where(replay.filter(), target, values));
		if (place != null) {
			// The first half alone is a range of the index.
			add(where, values, " and d.settled_at >= :placeAt", "placeAt", SqlTime.of(place.settledAt()));
			add(where, values, " and (d.settled_at > :placeAt or d.id > :place)", "place", place.delivery());
		}
		return this.jdbc
			.sql("select d.settled_at, d.id from delivery d %s order by d.target, d.status, d.settled_at, d.id limit %d"
				.formatted(where, most))
			.params(values)
			.query(Place::of)
			.list();
	}

	private Place place(long replay, String target) {
		return this.jdbc
			.sql("select settled_at, delivery id from replay_place where replay = :replay and target = :target")
			.param("replay", replay)
			.param("target", target)
			.query(Place::of)
			.optional()
			.orElse(null);
	}

	private int replay(Replay replay, String target, long most) {
		List<Place> next = next(replay, target, most);
		if (next.isEmpty()) {
			return 0;
		}
		keep(replay.id(), target, next.get(next.size() - 1));
		return this.deliveries.replay(replay.filter().status(), next.stream().map(Place::delivery).toList());
	}

	private void keep(long replay, String target, Place place) {
		this.jdbc.sql("delete from replay_place where replay = :replay and target = :target")
			.param("replay", replay)
			.param("target", target)
			.update();
		this.jdbc
			.sql("insert into replay_place (replay, target, settled_at, delivery) values (:replay, :target, :at, :id)")
			.param("replay", replay)
			.param("target", target)
			.param("at", SqlTime.of(place.settledAt()))
			.param("id", place.delivery())
			.update();
	}

	private static String where(ReplayFilter filter, String target, Map<String, Object> values) {
		StringBuilder where = new StringBuilder("where d.status = :status");
		values.put("status", filter.status().name());
		add(where, values, " and d.target = :target", "target", target);
		add(where, values, " and d.settled_at >= :since", "since", SqlTime.of(filter.since()));
		add(where, values, " and d.settled_at < :until", "until", SqlTime.of(filter.until()));
		add(where, values, " and exists (select 1 from job j where j.id = d.job and j.provider = :provider)",
				"provider", filter.provider());
		add(where, values, " and exists (select 1 from event e where e.id = d.event and e.type = :type)", "type",
				filter.type());
		return where.toString();
	}

	private static void add(StringBuilder where, Map<String, Object> values, String condition, String name,
			Object value) {
		if (value != null) {
			where.append(condition);
			values.put(name, value);
		}
	}

	private static Replay replay(ResultSet row, int number) throws SQLException {
		return new Replay(row.getLong("id"), State.valueOf(row.getString("state")),
				new ReplayFilter(DeliveryStatus.valueOf(row.getString("status")), row.getString("target"),
						row.getString("provider"), row.getString("type"), SqlTime.read(row, "since_at"),
						SqlTime.read(row, "until_at")),
				row.getString("rate"), row.getLong("matching"), row.getLong("replayed"), row.getString("who"),
				SqlTime.read(row, "created_at"), SqlTime.read(row, "ended_at"));
	}

	/**
	 * Where a delivery stands among those that a replay looks at.
	 */
	private record Place(Instant settledAt, long delivery) {

		private static Place of(ResultSet row, int number) throws SQLException {
			return new Place(SqlTime.read(row, "settled_at"), row.getLong("id"));
		}

	}

	/** A replay whose next part was due at a moment. */
	private record Due(Replay replay, Instant at) {

		/**
		 * From when the time for the next part counts: what is long past is not made up
		 * for.
		 */
		Instant since(Instant earliest) {
			return this.at.isBefore(earliest) ? earliest : this.at;
		}

	}

	/**
	 * A replay as its row has it.
	 *
	 * @param rate how many in which time at most, or "at once"
	 * @param matching how many matched when it was ordered
	 * @param replayed how many of them are due again
	 * @param who ordered it
	 */
	public record Replay(long id, State state, ReplayFilter filter, String rate, long matching, long replayed,
			String who, Instant createdAt, @Nullable Instant endedAt) {
	}

}
