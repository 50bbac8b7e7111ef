package io.vedette.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.vedette.config.VedetteProperties;
import io.vedette.job.BatchStore;
import io.vedette.job.Job;
import io.vedette.job.JobStore;
import io.vedette.job.NodeLifecycle;
import io.vedette.job.Watchman;
import io.vedette.schedule.SteadyClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.util.FileSystemUtils;

/**
 * Removes a job with all that came of it: row, events, deliveries, and what the files
 * targets hold.
 */
@Component("forgetting")
public class Forgetting {

	/** Jobs that are forgotten together ... */
	private static final int BATCH = 1000;

	/** ... and their deliveries: a transaction takes no longer than others can wait. */
	private static final int DELIVERIES = 5000;

	/** Half the time from tick to tick: the rest is for what is due. */
	private static final Duration TICK = Duration.ofSeconds(5);

	/** Jobs whose files can't be deleted: with more, nothing else is forgotten. */
	private static final int MOST_KEPT = 10_000;

	private static final int ATTEMPTS = 100;

	private static final Logger logger = LoggerFactory.getLogger(Forgetting.class);

	private final JobStore jobs;

	private final BatchStore batches;

	private final DeliveryStore deliveries;

	private final EventStore events;

	private final Watchman watchman;

	private final Targets targets;

	private final NodeLifecycle lifecycle;

	private final TransactionOperations transaction;

	private final VedetteProperties properties;

	private final Clock clock;

	private final SteadyClock steady;

	/** Rows of the jobs whose files could not be deleted at the last tick. */
	private Set<Long> kept = Set.of();

	Forgetting(JobStore jobs, BatchStore batches, DeliveryStore deliveries, EventStore events, Watchman watchman,
			Targets targets, NodeLifecycle lifecycle, TransactionOperations transaction, VedetteProperties properties,
			Clock clock, SteadyClock steady) {
		this.jobs = jobs;
		this.batches = batches;
		this.deliveries = deliveries;
		this.events = events;
		this.watchman = watchman;
		this.targets = targets;
		this.lifecycle = lifecycle;
		this.transaction = transaction;
		this.properties = properties;
		this.clock = clock;
		this.steady = steady;
	}

	/**
	 * Forgets the finished jobs that are older than the retention, oldest first, as many
	 * as there is time for until the next tick, then batches that have no job any more,
	 * and what was told of them and to operators. What another node is forgetting is left
	 * to it.
	 */
	public void forgetOld() {
		Instant old = this.clock.instant().minus(this.properties.retention());
		Instant end = this.steady.instant().plus(TICK);
		Map<Long, String> stuck = new LinkedHashMap<>();
		List<Job> batch;
		do {
			batch = this.transaction.execute((status) -> begin(old, stuck.keySet()));
			stuck.putAll(forget(batch));
		}
		while (!batch.isEmpty() && stuck.size() < MOST_KEPT && this.steady.instant().isBefore(end)
				&& !this.lifecycle.isOver());
		if (!stuck.isEmpty() && !stuck.keySet().equals(this.kept)) {
			logger.warn("{} jobs are not forgotten, as their files can't be deleted: {}. Tried again with each tick.",
					stuck.size(), stuck.values().iterator().next());
		}
		this.kept = Set.copyOf(stuck.keySet());
		this.batches.forget(old, BATCH);
		forgetNews(old);
	}

	/** Forgets what was told before a moment that is about no job. */
	private void forgetNews(Instant old) {
		Map<Long, String> files = this.deliveries.eventsWithoutJob(old, BATCH);
		if (files.isEmpty()) {
			return;
		}
		this.deliveries.forgetEvents(files.keySet());
		for (Path target : this.targets.directories()) {
			files.values().forEach((file) -> delete(target.resolve(file)));
		}
	}

	/** First what waits for a target, so that nothing is written anew. */
	private List<Job> begin(Instant old, Set<Long> stuck) {
		List<Job> batch = this.jobs.lockFinishedBefore(old, stuck, BATCH);
		if (!batch.isEmpty()) {
			batch = this.deliveries.first(batch, DELIVERIES);
			this.deliveries.forget(ids(batch));
		}
		return batch;
	}

	/**
	 * The rows of jobs go after their files.
	 * @return for each row that stays, why its files do
	 */
	private Map<Long, String> forget(List<Job> batch) {
		Map<Long, String> stuck = new LinkedHashMap<>();
		this.targets.forget(batch);
		for (Job job : batch) {
			try {
				deleteFiles(Delivery.directoryOf(job));
			}
			catch (UncheckedIOException ex) {
				stuck.put(job.id(), ex.getMessage());
			}
		}
		List<Job> rest = batch.stream().filter((job) -> !stuck.containsKey(job.id())).toList();
		List<Job> gone = this.transaction.execute((status) -> end(rest));
		gone.forEach((job) -> deleteFiles(Delivery.directoryOf(job)));
		return stuck;
	}

	/** An expired job that was handed in again meanwhile stays. */
	private List<Job> end(List<Job> batch) {
		List<Job> finished = this.jobs.lockFinished(ids(batch));
		if (!finished.isEmpty()) {
			this.events.delete(ids(finished));
			this.jobs.delete(ids(finished));
		}
		return finished;
	}

	private static List<Long> ids(List<Job> jobs) {
		return jobs.stream().map(Job::id).toList();
	}

	/**
	 * Forgets one job, finished or not, in the same order: its row goes after its files,
	 * so that a deletion that fails half-way is tried again. What a delivery wrote in
	 * between goes at the end; what it writes later still is swept when it is settled.
	 */
	public void forget(Job job) {
		this.watchman.cancel(job);
		this.deliveries.forget(List.of(job.id()));
		this.targets.forget(List.of(job));
		deleteFiles(Delivery.directoryOf(job));
		this.jobs.forget(job);
		deleteFiles(Delivery.directoryOf(job));
	}

	/**
	 * Removes what a delivery wrote that was under way while its job was forgotten.
	 * @return whether it was
	 */
	boolean sweep(Delivery delivery) {
		boolean forgotten = delivery.hasJob() && job(delivery).isEmpty();
		if (forgotten) {
			deleteFiles(delivery.directory());
		}
		return forgotten;
	}

	private Optional<JobStore.JobRow> job(Delivery delivery) {
		return (delivery.jobId() != null) ? this.jobs.find(delivery.provider(), delivery.jobId())
				: this.jobs.findRequest(delivery.requestId());
	}

	private void deleteFiles(String directory) {
		for (Path target : this.targets.directories()) {
			delete(target.resolve(directory));
		}
	}

	private void delete(Path directory) {
		for (int left = ATTEMPTS - 1; left >= 0; left--) {
			try {
				FileSystemUtils.deleteRecursively(directory);
				return;
			}
			catch (NoSuchFileException | DirectoryNotEmptyException ex) {
				// A delivery under way renames or writes a file at this moment.
				if (left == 0) {
					throw new UncheckedIOException(ex);
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

}
