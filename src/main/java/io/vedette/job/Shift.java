package io.vedette.job;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Begins and ends this node's time on watch: its work is free to claim before the first
 * route starts and after the last.
 */
@Component
class Shift {

	private final Node node;

	private final JobStore jobs;

	private final Watchman watchman;

	Shift(Node node, JobStore jobs, Watchman watchman) {
		this.node = node;
		this.jobs = jobs;
		this.watchman = watchman;
	}

	/**
	 * What the last run under this name left behind is claimed again like any other work
	 * without an owner.
	 */
	@PostConstruct
	void begin() {
		this.node.beat();
		this.jobs.releaseAll();
	}

	@EventListener(ContextClosedEvent.class)
	void stop() {
		this.watchman.stop();
	}

	@PreDestroy
	void end() {
		this.jobs.releaseAll();
	}

}
