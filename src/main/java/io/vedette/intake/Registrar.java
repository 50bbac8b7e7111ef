package io.vedette.intake;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

import io.vedette.job.BatchStore;
import io.vedette.job.Job;
import io.vedette.job.JobRequest;
import io.vedette.job.JobStore;
import io.vedette.job.Watch;
import io.vedette.job.Watchman;
import io.vedette.text.ForeignText;
import io.vedette.trace.Span;
import io.vedette.trace.Traces;
import org.apache.camel.Body;
import org.apache.camel.Variable;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;

/** Idempotent Receiver: stores every good request of a batch once, in one transaction. */
@Component("registrar")
public class Registrar {

	private final Watchman watchman;

	private final BatchStore batches;

	private final Traces traces;

	Registrar(Watchman watchman, BatchStore batches, Traces traces) {
		this.batches = batches;
		this.watchman = watchman;
		this.traces = traces;
	}

	/**
	 * Stores the good rows.
	 * @return what became of each row, in the same order
	 */
	public List<RegisteredRow> register(@Body List<Row> rows) {
		List<JobRequest> requests = rows.stream().filter((row) -> row.problem() == null).map(Row::request).toList();
		List<Span> spans = requests.stream().map(this::enter).toList();
		try {
			Iterator<JobStore.Registered> registered = requests.isEmpty() ? List.<JobStore.Registered>of().iterator()
					: this.watchman.register(in(requests, spans)).iterator();
			List<RegisteredRow> taken = new ArrayList<>();
			rows.forEach((row) -> taken
				.add((row.problem() == null) ? taken(row, registered.next()) : new RegisteredRow(row, null)));
			return taken;
		}
		catch (DataIntegrityViolationException ex) {
			return (rows.size() > 1) ? oneByOne(rows) : List.of(new RegisteredRow(unstorable(rows.get(0)), null));
		}
		finally {
			spans.forEach(Span::end);
		}
	}

	private Span enter(JobRequest request) {
		return this.traces.enter("register " + request.provider(), request.traceparent())
			.set(Job.LOG_KEY, request.provider() + "/" + request.jobId());
	}

	/** Where none names a trace, its own begins here. */
	private static List<JobRequest> in(List<JobRequest> requests, List<Span> spans) {
		return IntStream.range(0, spans.size())
			.mapToObj((i) -> requests.get(i).inTrace(spans.get(i).traceparent()))
			.toList();
	}

	private static RegisteredRow taken(Row row, JobStore.Registered job) {
		return (job.refusal() == null) ? registered(row, job)
				: new RegisteredRow(new Row(row.number(), row.raw(), null, job.refusal()), null);
	}

	/** Says that all requests of a file are stored: its own batch is complete. */
	public void end(@Variable("requests") Requests requests) {
		if (requests.batch() != null) {
			this.batches.seal(requests.batch());
		}
	}

	/** The id of a request stands for one job, and for no other. */
	private static RegisteredRow registered(Row row, JobStore.Registered registered) {
		JobRequest request = row.request();
		Job job = registered.row().job();
		boolean same = !request.submits()
				|| request.provider().equals(job.provider()) && request.mediaUrl().equals(job.mediaUrl());
		return same ? new RegisteredRow(row, registered) : new RegisteredRow(new Row(row.number(), row.raw(), request,
				"requestId \"%s\": known, with another provider or mediaUrl; expected the same ones. Give another request an id of its own."
					.formatted(ForeignText.printable(request.requestId()))),
				null);
	}

	/** Whether there are new jobs to submit among them. */
	public boolean submits(@Body List<RegisteredRow> batch) {
		return batch.stream().anyMatch((taken) -> taken.job() != null && taken.job().row().job().jobId() == null);
	}

	/** The database refuses one of them, for good: the others are taken all the same. */
	private List<RegisteredRow> oneByOne(List<Row> rows) {
		return rows.stream().flatMap((row) -> register(List.of(row)).stream()).toList();
	}

	private static Row unstorable(Row row) {
		return new Row(row.number(), row.raw(), null,
				"request: the database can't store it; expected text that fits its columns. Shorten or correct it.");
	}

	/**
	 * What this node watches from now on. An earlier watch of the same job may still be
	 * about to end.
	 */
	public List<Watch> watches(@Body List<RegisteredRow> batch) {
		return batch.stream()
			.filter((taken) -> taken.job() != null && taken.job().isOwn())
			.map((taken) -> taken.job().row().job())
			.flatMap((job) -> this.watchman.watchOf(job).filter((watch) -> watch.getJob() == job).stream())
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

		/** Whether it is good by itself, and another request has its id. */
		public boolean isConflict() {
			return this.job == null && this.row.request() != null;
		}
	}

}
