package io.vedette.provider;

import java.time.Instant;

/** A job that a provider is asked for. */
public interface Pollable {

	/**
	 * What a poll of it is worth now, compared with one of another job of the provider: 1
	 * when its schedule wants it, more the longer it is overdue.
	 */
	double worth(Instant now);

}
