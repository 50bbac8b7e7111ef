package io.vedette.delivery;

import java.io.IOException;
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

	private final Watchman watchman;

	private final Targets targets;

	private final VedetteProperties properties;

	private final Clock clock;

	Forgetting(JobStore jobs, Watchman watchman, Targets targets, VedetteProperties properties, Clock clock) {
		this.jobs = jobs;
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
	 * Forgets one job. Its row goes last, so that a deletion that fails half-way is tried
	 * again.
	 */
	public void forget(@Body Job job) throws IOException {
		this.watchman.cancel(job);
		String directory = Delivery.directoryOf(job.provider(), job.jobId());
		for (Path target : this.targets.directories()) {
			FileSystemUtils.deleteRecursively(target.resolve(directory));
		}
		this.jobs.delete(job.id());
	}

}
