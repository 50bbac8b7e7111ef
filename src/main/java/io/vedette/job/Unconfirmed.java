package io.vedette.job;

import java.time.Instant;

import io.vedette.provider.Reason;

/**
 * A job was sent, and nobody knows whether its provider has taken it. Part of the
 * transaction that says so in its row.
 *
 * @param sentAt when it was begun to be sent
 */
public record Unconfirmed(Job job, Instant sentAt, Reason reason) {
}
