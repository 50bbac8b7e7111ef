package io.vedette.job;

import io.vedette.provider.AccountName;
import io.vedette.provider.Reason;

/**
 * A provider is closed to all jobs of an account because it refuses them, or is open
 * again.
 *
 * @param refusal what it said, or null if it answers again
 */
public record ProviderTurn(AccountName account, Reason refusal) {
}
