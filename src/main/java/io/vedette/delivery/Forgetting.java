package io.vedette.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
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
	 * its row goes last, so that a deletion that fails half-way is tried again.
	 */
	public void forget(@Body Job job) {
		this.watchman.cancel(job);
		this.deliveries.forget(job);
		this.targets.forget(job);
		deleteFiles(job.provider(), job.jobId());
		this.jobs.delete(job.id());
	}

	/** Removes what a delivery wrote that was under way while its job was forgotten. */
	void sweep(Delivery delivery) {
		if (this.jobs.find(delivery.provider(), delivery.jobId()).isEmpty()) {
			deleteFiles(delivery.provider(), delivery.jobId());
		}
	}

	private void deleteFiles(String provider, String jobId) {
		for (Path target : this.targets.directories()) {
			try {
				FileSystemUtils.deleteRecursively(target.resolve(Delivery.directoryOf(provider, jobId)));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

}
