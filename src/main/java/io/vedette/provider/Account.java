package io.vedette.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import io.vedette.config.Secret;
import io.vedette.config.VedetteProperties;
import io.vedette.node.Node;
import io.vedette.node.RateShare;
import io.vedette.schedule.RateLimit;

/**
 * A key at a provider, what it allows, and the gate in front of what is asked with it.
 * One that is configured no longer lets nothing through: its jobs are asked with no other
 * key.
 */
public final class Account {

	private final AccountName name;

	private final Node node;

	private final RateShare share;

	private final ProviderGate gate;

	/**
	 * Null before it is configured; afterwards a poll that is under way needs its key.
	 */
	private volatile VedetteProperties.Account settings;

	private volatile boolean configured;

	private boolean held;

	/** An account that is not configured, unless {@link #configure} says how. */
	Account(AccountName name, VedetteProperties.Provider provider, RateLimit limit, Node node) {
		this.name = name;
		this.node = node;
		this.share = node.share(name.toString(), limit);
		this.gate = new ProviderGate(provider, limit, node.lastRunAskedUntil(), this.share::requests);
		this.share.sentBy(this.gate);
		this.gate.hold(true);
	}

	/**
	 * From now on it is like that. What is under way ends as it began; one that refuses
	 * is asked soon whether it takes a new key.
	 * @param wanted null where it is not configured any more
	 */
	synchronized void configure(VedetteProperties.Account wanted, Instant now) {
		boolean otherKey = wanted != null && !(this.configured && hasKeyOf(wanted));
		this.configured = wanted != null;
		if (this.configured) {
			this.settings = wanted;
			this.node.share(this.name.toString(), wanted.rateLimit());
			this.gate.limit(wanted.rateLimit());
		}
		this.gate.hold(this.held || !this.configured);
		if (otherKey) {
			this.gate.probe(now);
		}
	}

	private boolean hasKeyOf(VedetteProperties.Account other) {
		return this.settings.apiKey().equals(other.apiKey()) && this.settings.token().equals(other.token());
	}

	public AccountName name() {
		return this.name;
	}

	/** What is configured, or null. */
	VedetteProperties.Account settings() {
		return this.configured ? this.settings : null;
	}

	/** Whether there is such an account: else its jobs wait. */
	public boolean isConfigured() {
		return this.configured;
	}

	/** Whether a key or a token is set. */
	public boolean hasKey() {
		return this.configured && (apiKey() != null || token() != null);
	}

	/** Its key, or null. */
	String apiKey() {
		return (this.settings != null) ? text(this.settings.apiKey()) : null;
	}

	/** Its token, or null. */
	String token() {
		return (this.settings != null) ? text(this.settings.token()) : null;
	}

	private static String text(Secret secret) {
		return secret.isPresent() ? secret.value() : null;
	}

	/** Requests that all nodes together may send a period. */
	public RateLimit rateLimit() {
		return this.gate.limit();
	}

	/** How many of its submitted jobs may be unfinished, on all nodes; 0: any number. */
	public int maxInFlight() {
		return this.configured ? this.settings.maxInFlight() : 0;
	}

	/**
	 * In which time its rate limit lets each of its jobs be asked once.
	 * @param own how many of them this node watches
	 */
	Duration round(long own) {
		return rateLimit().round(this.share.jobs(own));
	}

	/** How a job that is asked for here comes to its polls. */
	public WaitingPoll poll(Pollable job) {
		return new WaitingPoll(this.gate, job);
	}

	/** Why no poll is sent now, if that is so. */
	public Optional<Pause> pause(Instant now) {
		return this.gate.pause(now);
	}

	/** Has all its jobs wait for as long as an operator wants it. */
	public synchronized void hold(boolean wanted) {
		this.held = wanted;
		this.gate.hold(wanted || !this.configured);
	}

	/** Whether an operator has paused it, or all of its provider. */
	public synchronized boolean isHeld() {
		return this.held;
	}

	/** How many requests a period this node may send now. */
	public double allowed(Instant now) {
		return this.gate.allowed(now);
	}

	/** How many requests of this node the period holds that ends now. */
	public int used(Instant now) {
		return this.gate.used(now);
	}

	/** How many jobs of this node are due and wait for the rate limit. */
	public int waiting() {
		return this.gate.waiting();
	}

}
