package io.vedette.job;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.vedette.node.Node;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;

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

	/** Work that has not come to its end by then goes back all the same. */
	private static final Duration LAST_HAND_BACK = Duration.ofSeconds(7);

	private final AtomicBoolean ended = new AtomicBoolean();

	private final Node node;

	private final JobStore jobs;

	private final Watchman watchman;

	private final LoopThreads loops;

	private volatile boolean over;

	NodeLifecycle(Node node, JobStore jobs, Watchman watchman, LoopThreads loops) {
		this.node = node;
		this.jobs = jobs;
		this.watchman = watchman;
		this.loops = loops;
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
		this.watchman.stop();
		this.loops.wake();
		CompletableFuture.delayedExecutor(LAST_HAND_BACK.toMillis(), TimeUnit.MILLISECONDS).execute(this::end);
	}

	@PreDestroy
	void end() {
		if (this.ended.compareAndSet(false, true)) {
			// What is under its name may be the work of a process that took it over.
			if (this.node.isItself()) {
				this.jobs.releaseAll();
			}
			this.node.leave();
		}
	}

	/** Whether this node stops: what it has begun is finished, nothing else is begun. */
	public boolean isOver() {
		return this.over;
	}

}
