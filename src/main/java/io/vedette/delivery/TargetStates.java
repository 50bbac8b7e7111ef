package io.vedette.delivery;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import jakarta.annotation.Nullable;

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
		return this.targets.names().stream().map(this::of).toList();
	}

	private TargetState of(String name) {
		Standing standing = standing(name);
		Backlog backlog = this.deliveries.backlog(name);
		return new TargetState(name, this.targets.kindOf(name), standing.state(), standing.reason(),
				this.targets.queued(name), backlog.pending(), backlog.dead(), backlog.oldestDueAt());
	}

	/** The same without what waits, which the database would have to be asked for. */
	public Map<String, Standing> standings() {
		Map<String, Standing> standings = new LinkedHashMap<>();
		this.targets.names().forEach((name) -> standings.put(name, standing(name)));
		return standings;
	}

	private Standing standing(String name) {
		if (!this.targets.isStarted(name)) {
			return new Standing(State.NOT_STARTED, this.targets.startFailure(name).orElse("its route is not started"));
		}
		String reason = this.targets.gate(name).reason();
		return new Standing((reason != null) ? State.PAUSED : State.OPEN, reason);
	}

	/** Whether deliveries are sent to a target now. */
	public enum State {

		/** Yes. */
		OPEN,
		/** It failed in a row: one delivery at a time asks whether it is back. */
		PAUSED,
		/** Its route is not started, or can't be. */
		NOT_STARTED;

		@JsonValue
		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

	/**
	 * Whether a target is sent to.
	 *
	 * @param reason why it is not open, or null
	 */
	public record Standing(State state, String reason) {
	}

	/**
	 * A target as this node sees it.
	 *
	 * @param kind {@code files}, {@code webhook}, {@code endpoint}, or a kind of the
	 * team's own
	 * @param reason why it is not open, or null
	 * @param queued how many of its deliveries this node has in its queues
	 * @param pending how many have not ended, those of all nodes, counted up to
	 * {@value DeliveryStore#COUNTED}
	 * @param dead how many are dead letters, counted up to {@value DeliveryStore#COUNTED}
	 * @param oldestDueAt since when the oldest that has not ended is due, or null
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record TargetState(String target, String kind, State state, @Nullable String reason, int queued,
			long pending, long dead, @Nullable Instant oldestDueAt) {
	}

	/**
	 * What the rows say of a target; no more than {@value DeliveryStore#COUNTED} are
	 * counted.
	 */
	record Backlog(long pending, long dead, Instant oldestDueAt) {
	}

}
