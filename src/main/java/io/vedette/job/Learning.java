package io.vedette.job;

import java.util.List;

import io.vedette.provider.Provider;
import io.vedette.provider.Providers;
import org.apache.camel.Body;

import org.springframework.stereotype.Component;

/** Has the finished jobs teach each provider's schedules, one for each kind of job. */
@Component("learning")
public class Learning {

	private static final int HISTORY = 1000;

	private final Providers providers;

	private final JobStore jobs;

	private final Watchman watchman;

	Learning(Providers providers, JobStore jobs, Watchman watchman) {
		this.providers = providers;
		this.jobs = jobs;
		this.watchman = watchman;
	}

	/**
	 * Names of the providers whose schedules are to be learned, once their routes are
	 * started.
	 */
	public List<String> providers() {
		return this.providers.names().stream().filter((name) -> this.providers.get(name).learns()).toList();
	}

	/** Derives the schedules of a provider from the jobs that finished last. */
	public void learn(@Body String name) {
		Provider provider = this.providers.get(name);
		provider.learn(this.jobs.finishes(name, HISTORY), this.watchman::watching);
	}

}
