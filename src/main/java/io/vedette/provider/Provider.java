package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;

import io.vedette.config.VedetteProperties;
import io.vedette.schedule.PollSchedule;

/**
 * A provider that jobs may name: its settings, its schedule and the gate in front of its
 * API.
 */
public final class Provider {

	private final String name;

	private final VedetteProperties.Provider settings;

	private final PollSchedule schedule;

	private final ProviderGate gate;

	Provider(String name, VedetteProperties.Provider settings) {
		this.name = name;
		this.settings = settings;
		this.schedule = switch (settings.polling()) {
			case FIXED -> PollSchedule.fixed(settings.minDelay());
			case BACKOFF, LEARNED -> PollSchedule.backoff(settings.minDelay(), settings.maxDelay());
		};
		this.gate = new ProviderGate(settings.rateLimit());
	}

	public String name() {
		return this.name;
	}

	public VedetteProperties.Provider settings() {
		return this.settings;
	}

	public PollSchedule schedule() {
		return this.schedule;
	}

	/**
	 * A place within the rate limit: when the poll may be sent, or null while the
	 * provider is paused.
	 */
	public Instant takePlace(Instant now) {
		return this.gate.take(now);
	}

	/** How long a poll without a place has to wait before it asks for one again. */
	public Duration pause(Instant now) {
		Instant until = this.gate.pausedUntil();
		return (until == null || until.isBefore(now)) ? Duration.ZERO : Duration.between(now, until);
	}

	/**
	 * The last look before a poll is sent: false if the provider was paused meanwhile.
	 */
	public boolean admits(Instant place, Instant now) {
		return this.gate.admits(place, now);
	}

	/**
	 * Learns from an answer whether the provider has to pause.
	 * @return whether this answer began or ended a pause for refusal
	 */
	public boolean hear(Answer answer, Instant now) {
		return this.gate.hear(answer, now);
	}

}
