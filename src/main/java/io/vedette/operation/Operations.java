package io.vedette.operation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import io.vedette.config.VedetteProperties;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;

import org.springframework.stereotype.Component;

/** Carries out what operators have ordered, at whichever node. */
@Component("operations")
public class Operations implements CamelContextConfiguration {

	private static final Duration HOUSEKEEPING = Duration.ofSeconds(10);

	private final Pauses pauses;

	private final Replays replays;

	private final Audit audit;

	private final AccountFiles accounts;

	private final VedetteProperties properties;

	private final Clock clock;

	private Instant forgotten = Instant.MIN;

	Operations(Pauses pauses, Replays replays, Audit audit, AccountFiles accounts, VedetteProperties properties,
			Clock clock) {
		this.pauses = pauses;
		this.replays = replays;
		this.audit = audit;
		this.accounts = accounts;
		this.properties = properties;
		this.clock = clock;
	}

	/** Nothing is sent or asked before the pauses are known. */
	@Override
	public void beforeApplicationStart(CamelContext camel) {
		this.pauses.heed();
	}

	@Override
	public void afterApplicationStart(CamelContext camel) {
		// The timer goes on from here.
	}

	/**
	 * Heeds the pauses and that accounts have changed, does the part of each replay that
	 * is due, and forgets what is older than the retention.
	 */
	public void carryOut() {
		this.pauses.heed();
		this.accounts.heed();
		this.replays.carryOn();
		Instant now = this.clock.instant();
		if (this.forgotten.isBefore(now.minus(HOUSEKEEPING))) {
			this.forgotten = now;
			this.replays.forget(now.minus(this.properties.retention()));
			this.audit.forget(now.minus(this.properties.retention()));
		}
	}

}
