package io.vedette.api;

import java.time.Instant;
import java.util.Optional;

import io.vedette.provider.Account;
import io.vedette.provider.AnswerClass;
import io.vedette.provider.Pause;
import io.vedette.provider.Providers;
import io.vedette.schedule.SteadyClock;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/**
 * Down while a provider refuses the key or the quota of an account: that is for somebody
 * to mend. A pause that ends by itself only shows. Before the routes are there no
 * provider is known.
 */
@Component("providersHealthIndicator")
class ProvidersHealth extends AbstractHealthIndicator {

	private final Providers providers;

	private final Registration registration;

	private final SteadyClock clock;

	ProvidersHealth(Providers providers, Registration registration, SteadyClock clock) {
		this.providers = providers;
		this.registration = registration;
		this.clock = clock;
	}

	@Override
	protected void doHealthCheck(Health.Builder health) {
		Instant now = this.clock.instant();
		if (!this.registration.isOpen()) {
			health.unknown();
			return;
		}
		health.up();
		for (Account account : this.providers.accounts()) {
			Optional<AnswerClass> cause = account.pause(now).map(Pause::cause);
			health.withDetail(account.name().toString(),
					account.isHeld() ? "operator" : cause.map(AnswerClass::label).orElse("asked"));
			if (cause.filter(AnswerClass.REFUSED::equals).isPresent()) {
				health.down();
			}
		}
	}

}
