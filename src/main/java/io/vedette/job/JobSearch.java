package io.vedette.job;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.vedette.config.DatabaseUrl;
import io.vedette.job.JobStore.JobRow;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Finds jobs by what is asked of them. One part of a filter names a stretch of an index;
 * of that a page reads so many rows at most, and leaves out those that the other parts do
 * not want: however many jobs there are, a page takes no longer.
 */
@Repository
public class JobSearch {

	/** Rows that a page reads; of an id's beginning so many may be meant. */
	public static final int MOST_READ = 10_000;

	/** PostgreSQL has an index for this. */
	private static final String PREFIX = "job_id like :prefix escape '!'";

	/** H2 looks up no parameter of a like, and would read all jobs. */
	private static final String RANGE = " and job_id between :first and :last";

	/** Behind each character that an id may have. */
	private static final String BEHIND = "\uffff";

	private final JdbcClient jdbc;

	private final String prefix;

	JobSearch(JdbcClient jdbc, @Value("${spring.datasource.url}") String database) {
		this.jdbc = jdbc;
		this.prefix = DatabaseUrl.isH2(database) ? PREFIX + RANGE : PREFIX;
	}

	/**
	 * A page of jobs, the newest first.
	 * @param after only those behind the last row of the page before, or null
	 * @throws TooManyException if the filter names the beginning of too many ids
	 */
	public Page find(JobFilter filter, Place after, int limit) {
		Query query = new Query(filter, after, this.prefix);
		if (filter.prefix() != null && count(query) > MOST_READ) {
			throw new TooManyException();
		}
		List<JobRow> rows = this.jdbc.sql(query.page(JobStore.COLUMNS, limit))
			.params(query.values)
			.query(JobStore::row)
			.list();
		return new Page(rows, (rows.size() == limit) ? Place.of(rows.get(limit - 1).job()) : end(query).orElse(null));
	}

	private int count(Query query) {
		return this.jdbc
			.sql("select count(*) from (select 1 from job where %s limit %d) matching".formatted(this.prefix,
					MOST_READ + 1))
			.params(query.values)
			.query(Integer.class)
			.single();
	}

	/** Where a page ended that has read all that it may, if it has. */
	private Optional<Place> end(Query query) {
		return this.jdbc.sql(query.last())
			.params(query.values)
			.query((row, number) -> new Place(row.getObject("registered_at", OffsetDateTime.class).toInstant(),
					row.getLong("id")))
			.optional();
	}

	/**
	 * A page of jobs.
	 *
	 * @param next where the next page begins, or null if this is the last one; also a
	 * page with fewer rows than asked for may have one
	 */
	public record Page(List<JobRow> rows, Place next) {
	}

	/** The place of a job in a list. */
	public record Place(Instant registeredAt, long id) {

		private static Place of(Job job) {
			return new Place(job.registeredAt(), job.id());
		}

	}

	/** More ids begin so than a page may read. */
	public static class TooManyException extends RuntimeException {

	}

	/** The parts of a filter as SQL. */
	private static final class Query {

		private final List<String> stretch = new ArrayList<>();

		private final List<String> rest = new ArrayList<>();

		private final Map<String, Object> values = new HashMap<>();

		private final String order;

		/**
		 * The stretch where it is a batch, the jobs of a reference or of an account; else
		 * null.
		 */
		private final IndexPage rare;

		Query(JobFilter filter, Place after, String prefix) {
			boolean timed = filter.isInOrderOfTime();
			this.order = timed ? "registered_at desc, id desc" : "id desc";
			if (filter.prefix() != null) {
				add(this.stretch, prefix, "prefix", filter.prefix().replaceAll("[!%_]", "!$0") + "%");
				this.values.put("first", filter.prefix());
				this.values.put("last", filter.prefix() + BEHIND);
			}
			this.rare = (filter.prefix() == null && filter.requestId() == null && !timed) ? rare(filter, after) : null;
			add(this.stretch, "request_id = :requestId", "requestId", filter.requestId());
			add(this.rest, "account = :account", "account", filter.account());
			add(this.rest, "batch = :batch", "batch", filter.batch());
			add(this.rest, "reference = :reference", "reference", filter.reference());
			List<String> time = timed ? this.stretch : this.rest;
			add(time, "registered_at >= :since", "since", SqlTime.of(filter.since()));
			add(time, "registered_at < :until", "until", SqlTime.of(filter.until()));
			add(this.rest, "status = :status", "status", (filter.status() != null) ? filter.status().name() : null);
			add(this.rest, "provider = :provider", "provider", filter.provider());
			add(this.rest, "(targets is null or ' ' || targets || ' ' like '% ' || :target || ' %')", "target",
					filter.target());
			if (after != null && timed) {
				add(this.stretch, "registered_at <= :at", "at", SqlTime.of(after.registeredAt()));
				add(this.stretch, "(registered_at < :at or id < :after)", "after", after.id());
			}
			else if (after != null && this.rare == null) {
				add(this.stretch, "id < :after", "after", after.id());
			}
		}

		private IndexPage rare(JobFilter filter, Place after) {
			IndexPage page = new IndexPage("job", 0);
			if (filter.batch() != null) {
				page.with("batch", filter.batch())
					.with("status", (filter.status() != null) ? filter.status().name() : null);
			}
			else if (filter.reference() != null) {
				page.with("reference", filter.reference());
			}
			else if (filter.account() != null) {
				page.with("account", filter.account());
			}
			else {
				return null;
			}
			page.between("id", 0L, (after != null) ? after.id() : Long.MAX_VALUE);
			this.values.putAll(page.values());
			return page;
		}

		private void add(List<String> conditions, String condition, String name, Object value) {
			if (value != null) {
				conditions.add(condition);
				this.values.put(name, value);
			}
		}

		String page(String columns, int limit) {
			return "select %s from (%s) read%s order by %s limit %d".formatted(columns, stretch(columns),
					where(this.rest), this.order, limit);
		}

		String last() {
			return "select id, registered_at from (%s) read order by %s limit 1 offset %d"
				.formatted(stretch("id, registered_at"), this.order, MOST_READ - 1);
		}

		private String stretch(String columns) {
			return (this.rare != null) ? this.rare.sql(columns, MOST_READ) : "select %s from job%s order by %s limit %d"
				.formatted(columns, where(this.stretch), this.order, MOST_READ);
		}

		private static String where(List<String> conditions) {
			return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
		}

	}

}
