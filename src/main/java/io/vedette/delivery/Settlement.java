package io.vedette.delivery;

import java.util.ArrayList;
import java.util.List;

import io.vedette.job.JobStore;
import io.vedette.job.Watch;
import org.apache.camel.Body;
import org.apache.camel.Variable;

import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The terminal transaction (transactional outbox): outcome, events and deliveries are
 * stored together, or not at all.
 */
@Component("settlement")
public class Settlement {

	private final JobStore jobs;

	private final DeliveryStore deliveries;

	private final Events events;

	Settlement(JobStore jobs, DeliveryStore deliveries, Events events) {
		this.jobs = jobs;
		this.deliveries = deliveries;
		this.events = events;
	}

	/**
	 * Settles a finished job.
	 * @param faces the events of its faces, in order
	 * @return what this node has to deliver now; nothing if another node has settled the
	 * job meanwhile
	 */
	@Transactional
	public List<Delivery> settle(@Variable("watch") Watch watch, @Body List<Event> faces) {
		watch.settle(this.jobs.finish(watch));
		if (!watch.isSettled()) {
			return List.of();
		}
		List<Event> all = new ArrayList<>(faces);
		all.add(this.events.jobFinished(watch));
		return this.deliveries.add(watch.getJob(), all);
	}

	/** What a job that did not succeed has to show. */
	public List<Event> noFaces() {
		return List.of();
	}

}
