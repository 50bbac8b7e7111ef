package io.vedette.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.vedette.schedule.RateLimit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything under {@code vedette.*}. The shipped {@code config/application.yaml}
 * explains each key.
 */
@ConfigurationProperties(prefix = "vedette", ignoreUnknownFields = false)
public record VedetteProperties(@DefaultValue("data") Path data, @DefaultValue Map<String, Provider> providers,
		@DefaultValue Map<String, Target> targets, @DefaultValue Map<String, Intake> intakes, Rejected rejected,
		@DefaultValue("") Secret intakeToken, @DefaultValue Egress egress, @DefaultValue("") String node,
		@DefaultValue("30s") Duration lease, @DefaultValue("30d") Duration retention) {

	/**
	 * The settings of a provider, if it has any. An environment variable can't hold a
	 * hyphen: to {@code VEDETTE_PROVIDERS_MAGICHOUR_...} the provider magic-hour is
	 * magichour.
	 */
	public Optional<Provider> provider(String name) {
		return this.providers.entrySet()
			.stream()
			.filter((entry) -> isSame(entry.getKey(), name))
			.map(Map.Entry::getValue)
			.findFirst();
	}

	static boolean isSame(String key, String name) {
		return key.replace("-", "").equals(name.replace("-", ""));
	}

	/** How a provider is asked. Credentials are read by the provider's own route. */
	public record Provider(String baseUrl, @DefaultValue("") Secret apiKey, @DefaultValue("") Secret token,
			@DefaultValue("learned") Polling polling, @DefaultValue("1s") Duration targetLag,
			@DefaultValue("1s") Duration minDelay, @DefaultValue("30s") Duration maxDelay,
			@DefaultValue("1h") Duration maxWait, @DefaultValue("30s") Duration notFoundGrace,
			@DefaultValue("30s") Duration resultGrace, @DefaultValue("10000") int maxFaces,
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

	/**
	 * Where job requests come from. A blank {@code uri} switches the intake off. Files
	 * are taken once they have not changed for the {@code settleTime}.
	 */
	public record Intake(@DefaultValue("") String uri, @DefaultValue("10s") Duration settleTime) {
	}

	/** Where job requests go that can't be taken. */
	public record Rejected(String uri) {
	}

	/** Which private hosts picture downloads may reach. */
	public record Egress(@DefaultValue List<String> allow) {
	}

}
