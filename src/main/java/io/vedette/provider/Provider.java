package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.vedette.config.VedetteProperties;
import io.vedette.node.Node;
import io.vedette.schedule.CompletionTimes;
import io.vedette.schedule.CompletionInterval;
import io.vedette.schedule.LearnedSchedule;
import io.vedette.schedule.PollSchedule;

/**
 * A provider that jobs may name: its settings, its schedule and the gate in front of its
 * API.
 */
public final class Provider {

	private final String name;

	private final VedetteProperties.Provider settings;

	private final Node node;

	private final ProviderGate gate;

	private volatile PollSchedule schedule;

	private List<CompletionInterval> finishes = List.of();

	private CompletionTimes times;

	Provider(String name, VedetteProperties.Provider settings, Node node) {
		this.name = name;
		this.settings = settings;
		this.schedule = switch (settings.polling()) {
			case FIXED -> PollSchedule.fixed(settings.minDelay());
			case BACKOFF -> PollSchedule.backoff(settings.minDelay(), settings.maxDelay());
			case LEARNED -> PollSchedule.unlearned(settings.minDelay(), settings.maxDelay());
		};
		this.node = node;
		this.gate = new ProviderGate(settings, node.othersAskedUntil(), node::liveNodes);
	}

	public String name() {
		return this.name;
	}

	public VedetteProperties.Provider settings() {
		return this.settings;
	}

	public PollSchedule schedule() {
		return this.schedule;
	}

	/**
	 * What polling has learned, or empty: too few jobs have finished, or another mode.
	 */
	public Optional<LearnedSchedule> learned() {
		return (this.schedule instanceof LearnedSchedule learned) ? Optional.of(learned) : Optional.empty();
	}

	/** Whether the finished jobs are to teach the schedule. */
	public boolean learns() {
		return this.settings.polling() == VedetteProperties.Polling.LEARNED;
	}

	/**
	 * Derives the schedule anew, if there is enough to learn from.
	 * @param latest the last finished jobs, the latest first
	 * @param waiting how many jobs this node watches now
	 */
	public synchronized void learn(List<CompletionInterval> latest, long waiting) {
		if (latest.size() < LearnedSchedule.LEAST_HISTORY) {
			return;
		}
		if (!latest.equals(this.finishes)) {
			this.times = CompletionTimes.learn(latest);
			this.finishes = List.copyOf(latest);
		}
		Duration round = this.settings.rateLimit().round(waiting * this.node.liveNodes());
		LearnedSchedule.Goals goals = new LearnedSchedule.Goals(this.settings.targetLag(), this.settings.minDelay(),
				this.settings.maxDelay(), round);
		if (learned().filter((last) -> last.isFor(this.times, goals)).isEmpty()) {
			this.schedule = LearnedSchedule.of(this.times, goals);
		}
	}

	/** How a job that is asked for here comes to its polls. */
	public WaitingPoll poll(Pollable job) {
		return new WaitingPoll(this.gate, job);
	}

	/** Why no poll is sent now, if that is so. */
	public Optional<Pause> pause(Instant now) {
		return this.gate.pause(now);
	}

	/** How many requests a period this node may send now. */
	public double allowed(Instant now) {
		return this.gate.allowed(now);
	}

	/** How many requests of this node the period holds that ends now. */
	public int used(Instant now) {
		return this.gate.used(now);
	}

	/** How many jobs of this node are due and wait for the rate limit. */
	public int waiting() {
		return this.gate.waiting();
	}

}
