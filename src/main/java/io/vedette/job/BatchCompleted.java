package io.vedette.job;

/**
 * The last job of a batch has ended: told inside the transaction that says so, once a
 * batch.
 */
public record BatchCompleted(Batch batch) {
}
