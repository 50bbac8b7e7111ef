package io.vedette.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import io.vedette.provider.Providers;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;

import org.springframework.stereotype.Component;

/** Refuses settings that can be read, but that Vedette could not run with. */
@Component
class ConfigurationCheck implements CamelContextConfiguration {

	private static final List<String> EVENT_TYPES = List.of("*", "vedette.face.detected", "vedette.job.succeeded",
			"vedette.job.failed", "vedette.job.expired");

	private final VedetteProperties properties;

	ConfigurationCheck(VedetteProperties properties) {
		this.properties = properties;
		requireTime("vedette.retention", properties.retention());
		properties.providers().forEach((name, provider) -> check("vedette.providers." + name, provider));
		properties.targets().forEach((name, target) -> check("vedette.targets." + name, target));
		properties.intakes()
			.forEach((name, intake) -> refuseNegative("vedette.intakes." + name + ".settle-time", intake.settleTime()));
	}

	private static void check(String key, VedetteProperties.Provider provider) {
		if (provider.baseUrl() != null) {
			checkRoot(key + ".base-url", provider.baseUrl());
		}
		requireTime(key + ".target-lag", provider.targetLag());
		requireTime(key + ".min-delay", provider.minDelay());
		requireTime(key + ".max-wait", provider.maxWait());
		requireTime(key + ".result-lifetime", provider.resultLifetime());
		refuseNegative(key + ".not-found-grace", provider.notFoundGrace());
		refuseNegative(key + ".result-grace", provider.resultGrace());
		if (provider.maxFaces() < 1 || provider.maxFaces() == Integer.MAX_VALUE) {
			throw new ConfigurationProblem("\"%s.max-faces\": %d; expected a number from 1 to %d.".formatted(key,
					provider.maxFaces(), Integer.MAX_VALUE - 1), "Correct the number; 10000 is the default.");
		}
		if (provider.maxDelay().compareTo(provider.minDelay()) < 0) {
			throw new ConfigurationProblem(
					"\"%s.max-delay\": %s is shorter than the min-delay of %s; expected the same or longer."
						.formatted(key, text(provider.maxDelay()), text(provider.minDelay())),
					"Lengthen max-delay, or shorten min-delay.");
		}
	}

	private static void checkRoot(String key, String url) {
		EndpointCheck.webAddress(key, url);
		if (url.matches(".*([?#].*|/)")) {
			throw new ConfigurationProblem(
					"\"%s\": ends in a slash, query or fragment; expected the root that paths are added to."
						.formatted(key),
					"Cut the end off, as in https://openapi.akool.com.");
		}
	}

	private static void check(String key, VedetteProperties.Target target) {
		target.retry().forEach((wait) -> refuseNegative(key + ".retry", wait));
		if (!EVENT_TYPES.containsAll(target.events()) || target.events().isEmpty()) {
			throw new ConfigurationProblem(
					"\"%s.events\": %s; expected some of %s.".formatted(key, target.events(), EVENT_TYPES),
					"Correct the event types, or leave the key out for all of them.");
		}
	}

	private static void requireTime(String key, Duration duration) {
		if (duration.isZero() || duration.isNegative()) {
			throw notTime(key, duration, "longer than zero");
		}
	}

	private static void refuseNegative(String key, Duration duration) {
		if (duration.isNegative()) {
			throw notTime(key, duration, "of zero or longer");
		}
	}

	private static ConfigurationProblem notTime(String key, Duration duration, String expected) {
		return new ConfigurationProblem("\"%s\": %s; expected a time %s.".formatted(key, text(duration), expected),
				"Write it as in 500ms, 5s, 1h or 30d.");
	}

	private static String text(Duration duration) {
		return duration.isZero() ? "0s" : duration.toString().substring(2).toLowerCase(Locale.ROOT);
	}

	/**
	 * Refuses the settings of a provider that no route asks, once the routes are known.
	 */
	@Override
	public void beforeApplicationStart(CamelContext camel) {
		List<String> known = Providers.names(camel);
		for (String name : this.properties.providers().keySet()) {
			if (known.stream().noneMatch((one) -> VedetteProperties.isSame(one, name))) {
				throw new ConfigurationProblem(
						"\"vedette.providers.%s\": no route %s%s asks this provider; expected one of %s."
							.formatted(name, Providers.ROUTE_PREFIX, name, known),
						"%sCorrect the name, or add the route file %s%s.camel.yaml."
							.formatted(DidYouMean.of(name, known), Providers.ROUTE_PREFIX, name));
			}
		}
	}

	@Override
	public void afterApplicationStart(CamelContext camel) {
		// Nothing is left to check.
	}

}
