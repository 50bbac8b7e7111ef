package io.vedette.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonValue;

import org.springframework.stereotype.Component;

/** How each target is, and what waits for it. */
@Component
public class TargetStates {

	private final Targets targets;

	private final DeliveryStore deliveries;

	TargetStates(Targets targets, DeliveryStore deliveries) {
		this.targets = targets;
		this.deliveries = deliveries;
	}

	/** The configured targets, by name. */
	public List<TargetState> all() {
		Map<String, Backlog> backlogs = this.deliveries.backlogs();
		return this.targets.names()
			.stream()
			.map((name) -> of(name, backlogs.getOrDefault(name, new Backlog(0, 0, null))))
			.toList();
	}

	private TargetState of(String name, Backlog backlog) {
		String reason = this.targets.gate(name).reason();
		State state = (reason != null) ? State.PAUSED : State.OPEN;
		if (!this.targets.isStarted(name)) {
			state = State.NOT_STARTED;
			reason = "its route is not started; if its broker is away, Vedette tries again until it is back";
		}
		return new TargetState(name, this.targets.kindOf(name), state, reason, this.targets.queued(name),
				backlog.pending(), backlog.dead(), backlog.oldestDueAt());
	}

	/** Whether deliveries are sent to a target now. */
	public enum State {

		/** Yes. */
		OPEN,
		/** It failed in a row: one delivery at a time asks whether it is back. */
		PAUSED,
		/** Its route could not be started yet. */
		NOT_STARTED;

		@JsonValue
		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

	/**
	 * A target as this node sees it.
	 *
	 * @param kind {@code files}, {@code webhook}, {@code endpoint}, or a kind of the
	 * team's own
	 * @param reason why it is not open, or null
	 * @param queued how many of its deliveries this node has in its queues
	 * @param pending how many have not ended, those of all nodes
	 * @param dead how many are dead letters
	 * @param oldestDueAt since when the oldest that has not ended is due, or null
	 */
	public record TargetState(String target, String kind, State state, String reason, int queued, long pending,
			long dead, Instant oldestDueAt) {
	}

	/** What the rows say of a target. */
	record Backlog(long pending, long dead, Instant oldestDueAt) {
	}

}
