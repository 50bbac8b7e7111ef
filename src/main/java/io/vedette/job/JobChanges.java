package io.vedette.job;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import io.vedette.job.JobStore.JobRow;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What has become of jobs since a moment, whichever node did it. */
@Repository
public class JobChanges {

	private static final String THEN = " then true else false end and ";

	private final JdbcClient jdbc;

	JobChanges(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * The first changes behind a moment, in their order. Those of one moment stay
	 * together.
	 * @param limit how many at least, if there are as many
	 */
	public List<Change> since(Instant moment, int limit) {
		// In a case, so that H2 does not read all that is watched, to sort it.
		List<Change> begun = read("job", "registered_at", "case when status in ('WATCHING', 'SUBMITTING')" + THEN,
				moment, limit);
		List<Change> doubted = read("submit_change told join job on job.id = told.job", "changed_at",
				"case when status in ('UNCONFIRMED', 'SUBMITTING')" + THEN, moment, limit);
		List<Change> ended = read("job", "finished_at", "", moment, limit);
		Instant known = Stream.of(begun, doubted, ended)
			.filter((changes) -> changes.size() >= limit)
			.map((changes) -> changes.get(changes.size() - 1).at())
			.min(Comparator.naturalOrder())
			.orElse(Instant.MAX);
		return Stream.of(begun, doubted, ended)
			.flatMap(List::stream)
			.filter((change) -> !change.at().isAfter(known))
			.sorted(Comparator.comparing(Change::at))
			.toList();
	}

	private List<Change> read(String rows, String column, String condition, Instant moment, int limit) {
		return this.jdbc.sql(
				"select %1$s, %2$s moment from %5$s where %3$s%2$s > :moment order by %2$s fetch first %4$d rows with ties"
					.formatted(JobStore.COLUMNS, column, condition, limit, rows))
			.param("moment", moment.atOffset(ZoneOffset.UTC))
			.query(JobChanges::change)
			.list();
	}

	private static Change change(ResultSet row, int number) throws SQLException {
		return new Change(row.getObject("moment", OffsetDateTime.class).toInstant(), JobStore.row(row, number));
	}

	/** When the job ended that ended first, of those that had by a moment. */
	public Optional<Instant> firstEnd(Instant moment) {
		return this.jdbc.sql("select finished_at from job where finished_at < :moment order by finished_at limit 1")
			.param("moment", SqlTime.of(moment))
			.query((row, number) -> SqlTime.read(row, "finished_at"))
			.optional();
	}

	/** Which of these jobs, told by their rows, are still watched. */
	public Set<Long> watched(Collection<Long> ids) {
		return this.jdbc.sql("select id from job where id in (:ids) and status = 'WATCHING'")
			.param("ids", ids)
			.query(Long.class)
			.set();
	}

	/**
	 * What has become of a job: it was registered, nobody knows whether it was submitted,
	 * a person has decided about that, or it has ended.
	 */
	public record Change(Instant at, JobRow row) {
	}

}
