package io.vedette.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

import io.vedette.config.VedetteProperties;
import io.vedette.job.Job;
import io.vedette.job.JobStore;
import io.vedette.job.Watchman;
import org.apache.camel.Body;

import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Removes a job with all that came of it: row, events, deliveries, and what the files
 * targets hold.
 */
@Component("forgetting")
public class Forgetting {

	private static final int BATCH = 1000;

	private static final int ATTEMPTS = 100;

	private final JobStore jobs;

	private final DeliveryStore deliveries;

	private final Watchman watchman;

	private final Targets targets;

	private final VedetteProperties properties;

	private final Clock clock;

	Forgetting(JobStore jobs, DeliveryStore deliveries, Watchman watchman, Targets targets,
			VedetteProperties properties, Clock clock) {
		this.jobs = jobs;
		this.deliveries = deliveries;
		this.watchman = watchman;
		this.targets = targets;
		this.properties = properties;
		this.clock = clock;
	}

	/** Finished jobs older than the retention, oldest first. */
	public List<Job> tooOld() {
		Instant moment = this.clock.instant().minus(this.properties.retention());
		return this.jobs.finishedBefore(moment, BATCH);
	}

	/**
	 * Forgets one job. First what waits for a target, so that nothing is written anew;
	 * its row goes after its files, so that a deletion that fails half-way is tried
	 * again. What a delivery wrote in between goes at the end; what it writes later still
	 * is swept when it is settled.
	 */
	public void forget(@Body Job job) {
		this.watchman.cancel(job);
		this.deliveries.forget(job);
		this.targets.forget(job);
		deleteFiles(job.provider(), job.jobId());
		this.jobs.delete(job.id());
		deleteFiles(job.provider(), job.jobId());
	}

	/**
	 * Removes what a delivery wrote that was under way while its job was forgotten.
	 * @return whether it was
	 */
	boolean sweep(Delivery delivery) {
		boolean forgotten = this.jobs.find(delivery.provider(), delivery.jobId()).isEmpty();
		if (forgotten) {
			deleteFiles(delivery.provider(), delivery.jobId());
		}
		return forgotten;
	}

	private void deleteFiles(String provider, String jobId) {
		for (Path target : this.targets.directories()) {
			delete(target.resolve(Delivery.directoryOf(provider, jobId)));
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
