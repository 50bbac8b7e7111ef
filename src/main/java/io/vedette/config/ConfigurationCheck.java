package io.vedette.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.vedette.delivery.Event;
import io.vedette.delivery.OperatorEvents;
import io.vedette.provider.Providers;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;

import org.springframework.stereotype.Component;

/** Refuses settings that can be read, but that Vedette could not run with. */
@Component
class ConfigurationCheck implements CamelContextConfiguration {

	/** What {@code *} stands for comes first; the others have to be named. */
	private static final List<String> EVENT_TYPES = Stream.of(List.of("*"), Event.TYPES, OperatorEvents.TYPES)
		.flatMap(List::stream)
		.toList();

	private static final int MOST_ATTEMPTS_AT_ONCE = 256;

	private final VedetteProperties properties;

	ConfigurationCheck(VedetteProperties properties) {
		this.properties = properties;
		check(properties);
	}

	private static void check(VedetteProperties properties) {
		requireTime("vedette.retention", properties.retention());
		properties.providers().forEach((name, provider) -> check("vedette.providers." + name, provider));
		properties.targets().forEach((name, target) -> check("vedette.targets." + name, target));
		properties.intakeTokens().forEach((name, token) -> check("vedette.intake-tokens." + name, token, properties));
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
		checkInFlight(key, provider.maxInFlight());
		provider.accounts().forEach((name, account) -> checkAccount(key + ".accounts." + name, name, account));
		if (provider.maxFaces() < 1 || provider.maxFaces() == Integer.MAX_VALUE) {
			throw new ConfigurationProblem("\"%s.max-faces\": %d; expected a number from 1 to %d.".formatted(key,
					provider.maxFaces(), Integer.MAX_VALUE - 1), "Correct the number; 10000 is the default.");
		}
		if (provider.maxInFlight() < 0) {
			throw new ConfigurationProblem(
					"\"%s.max-in-flight\": %d; expected a number of jobs, or 0.".formatted(key, provider.maxInFlight()),
					"Correct the number, or leave the key out for as many as there are.");
		}
		if (provider.maxDelay().compareTo(provider.minDelay()) < 0) {
			throw new ConfigurationProblem(
					"\"%s.max-delay\": %s is shorter than the min-delay of %s; expected the same or longer."
						.formatted(key, text(provider.maxDelay()), text(provider.minDelay())),
					"Lengthen max-delay, or shorten min-delay.");
		}
	}

	private static void checkAccount(String key, String name, VedetteProperties.Account account) {
		EndpointCheck.name(key, name);
		if (name.equals(VedetteProperties.Account.DEFAULT)) {
			throw new ConfigurationProblem(
					"\"%s\": the account %s has the key and the limits of the provider itself.".formatted(key, name),
					"Set them there, or give the account another name.");
		}
		if (account.maxInFlight() != null) {
			checkInFlight(key, account.maxInFlight());
		}
	}

	private static void checkInFlight(String key, int most) {
		if (most < 0) {
			throw new ConfigurationProblem("\"%s.max-in-flight\": %d; expected 0 or more.".formatted(key, most),
					"Correct the number; 0 means any number of jobs.");
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
		if (target.concurrency() < 1 || target.concurrency() > MOST_ATTEMPTS_AT_ONCE) {
			throw new ConfigurationProblem("\"%s.concurrency\": %d; expected a number from 1 to %d.".formatted(key,
					target.concurrency(), MOST_ATTEMPTS_AT_ONCE), "Correct the number, or leave the key out.");
		}
	}

	private static void check(String key, VedetteProperties.IntakeToken token, VedetteProperties properties) {
		EndpointCheck.name(key, key.substring(key.lastIndexOf('.') + 1));
		String variable = key.toUpperCase(Locale.ROOT).replace('.', '_').replace("-", "") + "_TOKEN";
		if (!token.token().isPresent()) {
			throw new ConfigurationProblem(
					"\"%s.token\": missing; a token without a text lets nobody in.".formatted(key),
					"Set the environment variable %s, or take the token out.".formatted(variable));
		}
		long same = Stream
			.concat(Stream.of(properties.intakeToken()),
					properties.intakeTokens().values().stream().map(VedetteProperties.IntakeToken::token))
			.filter(token.token()::equals)
			.count();
		if (same > 1) {
			throw new ConfigurationProblem(
					"\"%s.token\": the same as another token; expected one of its own, which tells who calls."
						.formatted(key),
					"Set the environment variable %s to another text.".formatted(variable));
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
	 * Refuses what does not go together with the providers, once the routes are known.
	 */
	@Override
	public void beforeApplicationStart(CamelContext camel) {
		checkProviders(this.properties, Providers.names(camel));
	}

	/**
	 * Looks at all of it, as a start does.
	 * @param known names of the providers
	 */
	static void check(VedetteProperties properties, List<String> known) {
		check(properties);
		checkProviders(properties, known);
	}

	private static void checkProviders(VedetteProperties properties, List<String> known) {
		int accounts = known.stream()
			.mapToInt((name) -> 1 + properties.provider(name).map((one) -> one.accounts().size()).orElse(0))
			.sum();
		if (properties.watching().most() < accounts) {
			throw new ConfigurationProblem(
					"\"vedette.watching.max\": %d; expected at least %d, one job of each account of each provider."
						.formatted(properties.watching().most(), accounts),
					"Set a larger one, or leave the key out: then it goes by the heap.");
		}
		for (String name : properties.providers().keySet()) {
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
