package io.vedette.api;

import org.springframework.stereotype.Component;

/** Tells those who wait for a job, and those who read the stream, what has changed. */
@Component("jobNews")
public class JobNews {

	private final JobWaits waits;

	private final JobStream stream;

	JobNews(JobWaits waits, JobStream stream) {
		this.waits = waits;
		this.stream = stream;
	}

	/**
	 * Looks for it in the rows, so it does not matter which node did it. Nobody there: no
	 * query.
	 */
	public void tell() {
		this.waits.tell();
		this.stream.tell();
	}

}
