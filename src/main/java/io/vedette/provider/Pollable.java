package io.vedette.provider;

import java.time.Instant;

/** A job that a provider is asked for. */
public interface Pollable {

	/**
	 * What a poll of it is worth now, compared with one of another job of its caller: 1
	 * when its schedule wants it, more the longer it is overdue.
	 */
	double worth(Instant now);

	/** With whose key it is asked for, or null for the provider's own. */
	default Account account() {
		return null;
	}

	/** Who wants it: callers take turns at a provider. */
	default Caller caller() {
		return Caller.ANY;
	}

	/** The trace in which it was handed in, or null. */
	default String traceparent() {
		return null;
	}

}
