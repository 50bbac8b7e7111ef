package io.vedette.api;

import io.vedette.delivery.TargetStates;
import io.vedette.delivery.TargetStates.Standing;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/**
 * Shows how each target is. Never down: what can't be delivered waits, and this node does
 * all it can.
 */
@Component("targetsHealthIndicator")
class TargetsHealth extends AbstractHealthIndicator {

	private final TargetStates states;

	TargetsHealth(TargetStates states) {
		this.states = states;
	}

	@Override
	protected void doHealthCheck(Health.Builder health) {
		health.up();
		this.states.standings().forEach((target, standing) -> health.withDetail(target, text(standing)));
	}

	private static String text(Standing standing) {
		return (standing.reason() == null) ? standing.state().toString()
				: "%s: %s".formatted(standing.state(), standing.reason());
	}

}
