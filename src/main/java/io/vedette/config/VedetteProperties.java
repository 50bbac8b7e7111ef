package io.vedette.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.vedette.schedule.RateLimit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything under {@code vedette.*}. The shipped {@code config/application.yaml}
 * explains each key.
 */
@ConfigurationProperties(prefix = "vedette", ignoreUnknownFields = false)
public record VedetteProperties(@DefaultValue("data") Path data, @DefaultValue Map<String, Provider> providers,
		@DefaultValue Map<String, Target> targets, @DefaultValue Map<String, Intake> intakes,
		@DefaultValue("") Secret intakeToken, @DefaultValue Egress egress, @DefaultValue("") String node,
		@DefaultValue("30s") Duration lease, @DefaultValue("30d") Duration retention) {

	public VedetteProperties {
		providers.forEach((name, provider) -> requireDelay(name, provider.minDelay()));
	}

	/** Without a delay a job would have no next age to be asked at. */
	private static void requireDelay(String provider, Duration delay) {
		if (delay.isZero() || delay.isNegative()) {
			throw new ConfigurationProblem(
					"\"vedette.providers.%s.min-delay\": %s ms; expected longer than zero.".formatted(provider,
							delay.toMillis()),
					"Set it to the shortest wait between two polls of a job, for example 1s.");
		}
	}

	/** How a provider is asked. Credentials are read by the provider's own route. */
	public record Provider(String baseUrl, @DefaultValue("") Secret apiKey, @DefaultValue("") Secret token,
			@DefaultValue("learned") Polling polling, @DefaultValue("1s") Duration targetLag,
			@DefaultValue("1s") Duration minDelay, @DefaultValue("30s") Duration maxDelay,
			@DefaultValue("1h") Duration maxWait, @DefaultValue("30s") Duration notFoundGrace,
			@DefaultValue("20/10s") RateLimit rateLimit, @DefaultValue("7d") Duration resultLifetime) {
	}

	/** Polling modes: they differ in the ages at which a job is asked for. */
	public enum Polling {

		LEARNED, BACKOFF, FIXED

	}

	/** Where events go. A blank {@code uri} switches the target off. */
	public record Target(@DefaultValue("") String uri, @DefaultValue("") Secret secret,
			@DefaultValue("*") List<String> events, @DefaultValue( {
					"5s", "5m", "30m", "2h", "5h", "10h", "14h", "20h", "24h" }) List<Duration> retry,
			@DefaultValue("true") boolean images){
	}

	/** Where job requests come from. A blank {@code uri} switches the intake off. */
	public record Intake(@DefaultValue("") String uri) {
	}

	/** Which private hosts picture downloads may reach. */
	public record Egress(@DefaultValue List<String> allow) {
	}

}
