package io.vedette.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.vedette.schedule.RateLimit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything under {@code vedette.*}. The shipped {@code config/application.yaml}
 * explains each key.
 */
@ConfigurationProperties(prefix = "vedette", ignoreUnknownFields = false)
public record VedetteProperties(@DefaultValue("data") Path data, @DefaultValue Map<String, Provider> providers,
		@DefaultValue Map<String, Target> targets, @DefaultValue Map<String, Intake> intakes, Rejected rejected,
		@DefaultValue("") Secret intakeToken, @DefaultValue Map<String, IntakeToken> intakeTokens,
		@DefaultValue Egress egress, @DefaultValue("") String node, @DefaultValue("30s") Duration lease,
		@DefaultValue("30d") Duration retention, @DefaultValue Watching watching) {

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

	/**
	 * The settings of a provider that has none of its own: the defaults of the record.
	 */
	public static Provider defaults() {
		return new Binder().bindOrCreate("provider", Provider.class);
	}

	/** The longest period of a provider's rate limit. */
	public Duration longestPeriod() {
		return Stream.concat(this.providers.values().stream(), Stream.of(defaults()))
			.flatMap((provider) -> provider.allAccounts().values().stream())
			.map((account) -> account.rateLimit().period())
			.max(Comparator.naturalOrder())
			.orElseThrow();
	}

	static boolean isSame(String key, String name) {
		return key.replace("-", "").equals(name.replace("-", ""));
	}

	/**
	 * How a provider is asked. Key, token, rate limit and how many jobs may be in flight
	 * are those of its account {@code default}; the further accounts have their own. What
	 * {@code submit} holds is read by the provider's own route.
	 */
	public record Provider(String baseUrl, @DefaultValue("") Secret apiKey, @DefaultValue("") Secret token,
			@DefaultValue("learned") Polling polling, @DefaultValue("1s") Duration targetLag,
			@DefaultValue("1s") Duration minDelay, @DefaultValue("30s") Duration maxDelay,
			@DefaultValue("1h") Duration maxWait, @DefaultValue("30s") Duration notFoundGrace,
			@DefaultValue("30s") Duration resultGrace, @DefaultValue("10000") int maxFaces,
			@DefaultValue("20/10s") RateLimit rateLimit, @DefaultValue("7d") Duration resultLifetime,
			@DefaultValue("0") int maxInFlight, @DefaultValue Map<String, Account> accounts,
			@DefaultValue Map<String, String> submit) {

		/** All accounts by name, {@code default} first; each says all that it has. */
		public Map<String, Account> allAccounts() {
			Map<String, Account> all = new LinkedHashMap<>();
			all.put(Account.DEFAULT, new Account(this.apiKey, this.token, this.rateLimit, this.maxInFlight));
			new TreeMap<>(this.accounts).forEach((name, account) -> all.putIfAbsent(name, account.orElse(this)));
			return all;
		}

	}

	/**
	 * A key at a provider and what it allows.
	 *
	 * @param rateLimit null for that of the provider
	 * @param maxInFlight how many submitted jobs may be unfinished, 0 for any number;
	 * null for that of the provider
	 */
	public record Account(@DefaultValue("") Secret apiKey, @DefaultValue("") Secret token, RateLimit rateLimit,
			Integer maxInFlight) {

		/** The account whose key and limits are the provider's own. */
		public static final String DEFAULT = "default";

		/**
		 * A key is never another account's, limits are the provider's unless it says so.
		 */
		private Account orElse(Provider provider) {
			return new Account(this.apiKey, this.token,
					(this.rateLimit != null) ? this.rateLimit : provider.rateLimit(),
					(this.maxInFlight != null) ? this.maxInFlight : provider.maxInFlight());
		}

	}

	/** Polling modes: they differ in the ages at which a job is asked for. */
	public enum Polling {

		LEARNED, BACKOFF, FIXED

	}

	/**
	 * How much a node watches.
	 *
	 * @param max how many jobs at a time, or 0 for as many as the heap has room for
	 */
	public record Watching(@DefaultValue("0") int max) {

		/**
		 * A job takes 2.3 KB, and up to 9 KB more with the longest texts there may be.
		 */
		private static final int BYTES_A_JOB = 20 << 10;

		/** How many jobs at a time. */
		public int most() {
			return (this.max != 0) ? this.max
					: (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / BYTES_A_JOB);
		}
	}

	/** Where events go. A blank {@code uri} switches the target off. */
	public record Target(@DefaultValue("") String uri, @DefaultValue("") Secret secret,
			@DefaultValue("*") List<String> events, @DefaultValue( {
					"5s", "5m", "30m", "2h", "5h", "10h", "14h", "20h", "24h" }) List<Duration> retry,
			@DefaultValue("true") boolean images, @DefaultValue("16") int concurrency){
	}

	/**
	 * Where job requests come from. A blank {@code uri} switches the intake off. Files
	 * are taken once they have not changed for the {@code settleTime}.
	 */
	public record Intake(@DefaultValue("") String uri, @DefaultValue("10s") Duration settleTime) {
	}

	/** A bearer token that REST calls may carry, and what it lets its bearer do. */
	public record IntakeToken(@DefaultValue("") Secret token, @DefaultValue("read") Role role) {
	}

	/** What a caller may do: look, or everything. */
	public enum Role {

		READ, OPERATE

	}

	/** Where job requests go that can't be taken. */
	public record Rejected(String uri) {
	}

	/** Which private hosts picture downloads may reach. */
	public record Egress(@DefaultValue List<String> allow) {
	}

}
