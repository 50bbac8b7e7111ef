package io.vedette.job;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;

import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.support.DefaultThreadPoolFactory;
import org.apache.camel.util.concurrent.SizedScheduledExecutorService;

import org.springframework.stereotype.Component;

/**
 * Camel's pools of threads, of which it knows those that loops wake up on. A job that
 * waits for its next poll is an exchange in flight, for which Camel's stop would wait
 * until its time is over.
 */
@Component
class LoopThreads extends DefaultThreadPoolFactory {

	/** By the names that the configuration gives them. */
	private static final Set<String> LOOPS = Set.of("askers", "submitters");

	private final List<ScheduledThreadPoolExecutor> loops = new CopyOnWriteArrayList<>();

	@Override
	public ScheduledExecutorService newScheduledThreadPool(ThreadPoolProfile profile, ThreadFactory threads) {
		ScheduledExecutorService pool = super.newScheduledThreadPool(profile, threads);
		if (LOOPS.contains(profile.getId()) && pool instanceof SizedScheduledExecutorService sized) {
			this.loops.add(sized.getScheduledThreadPoolExecutor());
		}
		return pool;
	}

	/** Has every loop look now whether it goes on. */
	void wake() {
		for (ScheduledThreadPoolExecutor pool : this.loops) {
			for (Runnable sleeper : pool.getQueue().toArray(Runnable[]::new)) {
				if (pool.remove(sleeper)) {
					pool.execute(sleeper);
				}
			}
		}
	}

}
