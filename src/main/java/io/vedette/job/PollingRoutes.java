package io.vedette.job;

import io.vedette.provider.Providers;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.spring.boot.CamelContextConfiguration;

import org.springframework.stereotype.Component;

/**
 * Makes a route {@code poll-<provider>} for each provider from the template
 * {@code poll-until-terminal}, and where media can be submitted to it one
 * {@code submit-while-any-<provider>}, once the providers' own routes are known.
 */
@Component
class PollingRoutes implements CamelContextConfiguration {

	@Override
	public void beforeApplicationStart(CamelContext camel) {
		for (String provider : Providers.names(camel)) {
			TemplatedRouteBuilder.builder(camel, "poll-until-terminal")
				.routeId("poll-" + provider)
				.parameter("provider", provider)
				.add();
			if (Providers.canSubmit(camel, provider)) {
				TemplatedRouteBuilder.builder(camel, "submit-while-any")
					.routeId("submit-while-any-" + provider)
					.parameter("provider", provider)
					.add();
			}
		}
	}

	@Override
	public void afterApplicationStart(CamelContext camel) {
		// The routes start with the others.
	}

}
