package io.vedette.delivery;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.vedette.job.JobStore;
import io.vedette.job.Submitter;
import io.vedette.job.Watchman;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Compares what this node owns on disk with what it holds in memory. They part where a
 * connection breaks between a commit and its answer, where a row could not be given back,
 * and where another node has claimed the work of this one while it was frozen.
 */
@Component("ownership")
public class Ownership {

	private static final int BATCH = 10_000;

	private static final Logger logger = LoggerFactory.getLogger(Ownership.class);

	private final JobStore jobs;

	private final DeliveryStore deliveries;

	private final Watchman watchman;

	private final Attempts attempts;

	private final OperatorEvents operators;

	private final Submitter submitter;

	private Set<Long> missingJobs = Set.of();

	private Set<Long> missingDeliveries = Set.of();

	Ownership(JobStore jobs, DeliveryStore deliveries, Watchman watchman, Attempts attempts, OperatorEvents operators,
			Submitter submitter) {
		this.jobs = jobs;
		this.deliveries = deliveries;
		this.watchman = watchman;
		this.attempts = attempts;
		this.operators = operators;
		this.submitter = submitter;
	}

	/**
	 * Gives back what is this node's and was not in its hands at two checks in a row: one
	 * alone may have met it on the way. Ends the watches of jobs that are not its own,
	 * and those that nobody looks after any more. Says which other nodes are lost.
	 */
	public void check() {
		this.jobs.releaseOrphans();
		this.submitter.findOrphans();
		this.operators.lostNodes();
		giveBackLost();
		Set<Long> watched = this.watchman.held();
		Set<Long> own = this.jobs.own();
		this.watchman.abandon(without(watched, own));
		this.missingJobs = giveBack("jobs", without(own, this.watchman.held()), this.missingJobs, this.jobs::release);
		Set<Long> ownDeliveries = this.deliveries.own();
		this.missingDeliveries = giveBack("deliveries", without(ownDeliveries, this.attempts.held()),
				this.missingDeliveries, this.deliveries::release);
	}

	private void giveBackLost() {
		Set<Long> lost = this.watchman.endLost();
		if (!lost.isEmpty()) {
			logger.error("{} watches had lost their loop: their jobs are given back", lost.size());
			this.jobs.release(lost);
		}
	}

	private static Set<Long> giveBack(String what, Set<Long> missing, Set<Long> before, Consumer<Set<Long>> release) {
		Set<Long> lost = missing.stream().filter(before::contains).limit(BATCH).collect(Collectors.toSet());
		if (!lost.isEmpty()) {
			release.accept(lost);
			logger.warn("{} {} of this node were in nobody's hands: given back", lost.size(), what);
		}
		return without(missing, lost);
	}

	private static Set<Long> without(Set<Long> all, Set<Long> some) {
		Set<Long> rest = new HashSet<>(all);
		rest.removeAll(some);
		return rest;
	}

}
