package io.vedette.job;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.vedette.node.Node;
import io.vedette.schedule.SteadyClock;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Begins and ends this node's time on watch: its work is free to claim before the first
 * route starts and after the last.
 */
@Component
public class NodeLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(NodeLifecycle.class);

	/** Work that has not come to its end by then goes back all the same. */
	private static final Duration LAST_HAND_BACK = Duration.ofSeconds(7);

	/** No row is given back later than that after the stop began: it ends in time. */
	private static final Duration LAST_RELEASE = Duration.ofSeconds(8);

	private final AtomicBoolean ended = new AtomicBoolean();

	private final Node node;

	private final JobStore jobs;

	private final Watchman watchman;

	private final LoopThreads loops;

	private final SteadyClock steady;

	private volatile boolean over;

	private volatile Instant releasesUntil = Instant.MAX;

	NodeLifecycle(Node node, JobStore jobs, Watchman watchman, LoopThreads loops, SteadyClock steady) {
		this.node = node;
		this.jobs = jobs;
		this.watchman = watchman;
		this.loops = loops;
		this.steady = steady;
	}

	/**
	 * What the last run under this name was watching is watched again; the deliveries
	 * that it had are claimed like any others without an owner.
	 */
	@PostConstruct
	void begin() {
		this.node.join();
		this.watchman.takeUp(this.jobs.own());
		this.jobs.releaseDeliveries();
	}

	/** First of all: what is asked from now on whether the node stops must hear so. */
	@EventListener(ContextClosedEvent.class)
	@Order(Ordered.HIGHEST_PRECEDENCE)
	void stop() {
		this.over = true;
		this.releasesUntil = this.steady.instant().plus(LAST_RELEASE);
		this.watchman.stop();
		this.loops.wake();
		CompletableFuture.delayedExecutor(LAST_HAND_BACK.toMillis(), TimeUnit.MILLISECONDS).execute(this::end);
	}

	@PreDestroy
	void end() {
		if (this.ended.compareAndSet(false, true)) {
			// What is under its name may be the work of a process that took it over.
			if (this.node.isItself() && !this.jobs.releaseAll(this::isInTime)) {
				logger.info(
						"Not all work could be given back in time: it is this node's when it starts again, and others' after vedette.lease.");
			}
			this.node.leave();
		}
	}

	private boolean isInTime() {
		return this.steady.instant().isBefore(this.releasesUntil);
	}

	/** Whether this node stops: what it has begun is finished, nothing else is begun. */
	public boolean isOver() {
		return this.over;
	}

}
