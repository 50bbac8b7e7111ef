package io.vedette.intake;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import io.vedette.job.Job;
import io.vedette.job.JobRequest;
import io.vedette.job.JobStore;
import org.apache.camel.Body;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;

/** Idempotent Receiver: stores every good request of a batch once, in one transaction. */
@Component("registrar")
public class Registrar {

	private final JobStore jobs;

	Registrar(JobStore jobs) {
		this.jobs = jobs;
	}

	/**
	 * Stores the good rows.
	 * @return what became of each row, in the same order
	 */
	public List<RegisteredRow> register(@Body List<Row> rows) {
		List<JobRequest> requests = rows.stream().filter((row) -> row.problem() == null).map(Row::request).toList();
		try {
			Iterator<JobStore.Registered> registered = requests.isEmpty() ? List.<JobStore.Registered>of().iterator()
					: this.jobs.register(requests).iterator();
			List<RegisteredRow> taken = new ArrayList<>();
			rows.forEach(
					(row) -> taken.add(new RegisteredRow(row, (row.problem() == null) ? registered.next() : null)));
			return taken;
		}
		catch (DataIntegrityViolationException ex) {
			return (rows.size() > 1) ? oneByOne(rows) : List.of(new RegisteredRow(unstorable(rows.get(0)), null));
		}
	}

	/** The database refuses one of them, for good: the others are taken all the same. */
	private List<RegisteredRow> oneByOne(List<Row> rows) {
		return rows.stream().flatMap((row) -> register(List.of(row)).stream()).toList();
	}

	private static Row unstorable(Row row) {
		return new Row(row.number(), row.raw(), null,
				"request: the database can't store it; expected text that fits its columns. Shorten or correct it.");
	}

	/** The jobs that nobody watches yet. */
	public List<Job> newJobs(@Body List<RegisteredRow> batch) {
		return batch.stream()
			.filter((taken) -> taken.job() != null && taken.job().isNew())
			.map((taken) -> taken.job().row().job())
			.toList();
	}

	/** The rows that could not be taken. */
	public List<Row> badRows(@Body List<RegisteredRow> batch) {
		return batch.stream().filter((taken) -> taken.job() == null).map(RegisteredRow::row).toList();
	}

	/**
	 * What became of a row.
	 *
	 * @param row as it came in
	 * @param job its job, or null if the row is bad
	 */
	public record RegisteredRow(Row row, JobStore.Registered job) {
	}

}
