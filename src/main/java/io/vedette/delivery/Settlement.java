package io.vedette.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.vedette.job.BatchStore;
import io.vedette.job.Job;
import io.vedette.job.JobStore;
import io.vedette.job.JobStore.Outcomes;
import io.vedette.job.Watch;
import io.vedette.trace.Span;
import io.vedette.trace.Traces;
import org.apache.camel.Body;
import org.apache.camel.Variable;

import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The terminal transaction (transactional outbox): outcome, events and deliveries of a
 * job are stored together, or not at all; those of several jobs that have finished
 * together in one transaction.
 */
@Component("settlement")
public class Settlement {

	/** Events that are stored in one transaction; those of one job always are. */
	private static final int MOST_EVENTS = 1000;

	private final JobStore jobs;

	private final DeliveryStore deliveries;

	private final BatchStore batches;

	private final Events events;

	private final Traces traces;

	private final GroupCommit<Finished, List<Delivery>> commits;

	Settlement(JobStore jobs, DeliveryStore deliveries, BatchStore batches, Events events, Traces traces,
			TransactionTemplate transaction) {
		this.jobs = jobs;
		this.deliveries = deliveries;
		this.batches = batches;
		this.events = events;
		this.traces = traces;
		this.commits = new GroupCommit<>((finished) -> finished.events().size(), MOST_EVENTS,
				(group) -> transaction.execute((status) -> store(group)));
	}

	/**
	 * Settles a finished job.
	 * @param faces the events of its faces, in order
	 * @return what this node has to deliver now; nothing if another node has settled the
	 * job meanwhile
	 */
	public List<Delivery> settle(@Variable("watch") Watch watch, @Body List<Event> faces) {
		List<Event> all = new ArrayList<>(faces);
		all.add(this.events.jobFinished(watch));
		Job job = watch.getJob();
		Span span = this.traces.begin("settle " + job.provider(), Span.Kind.INTERNAL, job.traceparent())
			.set(Job.LOG_KEY, job.toString())
			.set("vedette.outcome", watch.getOutcome().name());
		try {
			return this.commits.store(new Finished(watch, all));
		}
		catch (RuntimeException ex) {
			// What a database says may quote the row.
			span.fail(ex.getClass().getSimpleName());
			throw ex;
		}
		finally {
			span.end();
		}
	}

	private List<List<Delivery>> store(List<Finished> group) {
		Outcomes outcomes = this.jobs.finish(group.stream().map(Finished::watch).toList());
		List<Finished> settled = new ArrayList<>();
		for (int i = 0; i < group.size(); i++) {
			group.get(i).watch().settle(outcomes.own().get(i));
			if (outcomes.own().get(i)) {
				settled.add(group.get(i));
			}
		}
		Map<Finished, List<Delivery>> stored = this.deliveries.add(settled);
		// Last, so that the batches' rows are locked no longer than the commit takes.
		this.batches.apply(outcomes.batches());
		return group.stream().map((finished) -> stored.getOrDefault(finished, List.of())).toList();
	}

	/** What a job that did not succeed has to show. */
	public List<Event> noFaces() {
		return List.of();
	}

	/**
	 * A job that has finished.
	 *
	 * @param events those of its faces, then its own
	 */
	record Finished(Watch watch, List<Event> events) {

		Job job() {
			return this.watch.getJob();
		}

		@Override
		public boolean equals(Object other) {
			return this == other;
		}

		@Override
		public int hashCode() {
			return System.identityHashCode(this);
		}

	}

}
