package io.vedette.api;

import java.time.Instant;
import java.util.Optional;

import io.vedette.provider.AnswerClass;
import io.vedette.provider.Pause;
import io.vedette.provider.Providers;
import io.vedette.schedule.SteadyClock;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/**
 * Down while a provider refuses the key or the quota: that is for somebody to mend. A
 * pause that ends by itself only shows.
 */
@Component("providersHealthIndicator")
class ProvidersHealth extends AbstractHealthIndicator {

	private final Providers providers;

	private final SteadyClock clock;

	ProvidersHealth(Providers providers, SteadyClock clock) {
		this.providers = providers;
		this.clock = clock;
	}

	@Override
	protected void doHealthCheck(Health.Builder health) {
		Instant now = this.clock.instant();
		health.up();
		for (String name : this.providers.names()) {
			Optional<AnswerClass> cause = this.providers.get(name).pause(now).map(Pause::cause);
			health.withDetail(name, cause.map(AnswerClass::label).orElse("asked"));
			if (cause.filter(AnswerClass.REFUSED::equals).isPresent()) {
				health.down();
			}
		}
	}

}
