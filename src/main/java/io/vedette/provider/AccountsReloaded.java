package io.vedette.provider;

import java.util.List;

/** Accounts have come, gone or changed while Vedette runs. */
public record AccountsReloaded(List<AccountChange> changes) {
}
