package io.vedette.operation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;
import io.vedette.job.SqlTime;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What operators have ordered: a row each, by ids alone. */
@Repository
public class Audit {

	private final JdbcClient jdbc;

	private final Clock clock;

	Audit(JdbcClient jdbc, Clock clock) {
		this.jdbc = jdbc;
		this.clock = clock;
	}

	/** What can be ordered. */
	public enum Act {

		FORGET, REPLAY, PAUSE, RESUME, STOP, RELOAD, SUBMIT_AGAIN, ATTACH, ABANDON;

		@JsonValue
		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

	/**
	 * Writes an order down.
	 * @param who the name of the token, or where the caller has none, loopback
	 * @param what it was about: a job, a target, a provider, a filter
	 * @param count how many jobs or deliveries it was about
	 */
	public void add(String who, Act act, String what, long count) {
		this.jdbc.sql("insert into audit (ordered_at, who, act, what, amount) values (:now, :who, :act, :what, :count)")
			.param("now", OffsetDateTime.now(this.clock))
			.param("who", who)
			.param("act", act.name())
			.param("what", what)
			.param("count", count)
			.update();
	}

	/**
	 * A page of orders, newest first.
	 * @param after only those older than the one with this id, or null
	 */
	public List<Entry> list(Long after, int limit) {
		return this.jdbc.sql(
				"select id, ordered_at, who, act, what, amount from audit where id < :after order by id desc limit :limit")
			.param("after", (after != null) ? after : Long.MAX_VALUE)
			.param("limit", limit)
			.query(Audit::entry)
			.list();
	}

	/**
	 * The first jobs that were ordered to be forgotten behind a moment, in their order.
	 * Those of one moment stay together.
	 * @param limit how many at least, if there are as many
	 */
	public List<Entry> forgotten(Instant moment, int limit) {
		return this.jdbc.sql("""
				select id, ordered_at, who, act, what, amount from audit where ordered_at > :moment and act = 'FORGET'
				order by ordered_at fetch first %d rows with ties
				""".formatted(limit)).param("moment", SqlTime.of(moment)).query(Audit::entry).list();
	}

	private static Entry entry(ResultSet row, int number) throws SQLException {
		return new Entry(row.getLong("id"), SqlTime.read(row, "ordered_at"), row.getString("who"),
				Act.valueOf(row.getString("act")), row.getString("what"), row.getLong("amount"));
	}

	/** Forgets what was ordered before a moment. */
	void forget(Instant moment) {
		this.jdbc.sql("delete from audit where ordered_at < :moment").param("moment", SqlTime.of(moment)).update();
	}

	/**
	 * What an operator has ordered.
	 *
	 * @param who the name of the token, or loopback
	 * @param what a job, a target, a provider, or which deliveries
	 * @param count how many jobs or deliveries
	 */
	public record Entry(long id, Instant at, String who, Act act, String what, long count) {
	}

}
