package io.vedette.api;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/**
 * Whether job requests are taken: a part of readiness, for Camel starts its routes late.
 */
@Component("servingHealthIndicator")
class ServingHealth extends AbstractHealthIndicator {

	private final Registration registration;

	ServingHealth(Registration registration) {
		this.registration = registration;
	}

	@Override
	protected void doHealthCheck(Health.Builder health) {
		if (this.registration.isOpen()) {
			health.up();
		}
		else {
			health.outOfService();
		}
	}

}
