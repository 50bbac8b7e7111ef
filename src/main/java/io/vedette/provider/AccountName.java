package io.vedette.provider;

import io.vedette.config.VedetteProperties;

/**
 * Which account at which provider.
 *
 * @param provider name of the provider
 * @param name of the account, {@code default} for the provider's own key
 */
public record AccountName(String provider, String name) {

	/** Whether its key and limits are the provider's own. */
	public boolean isDefault() {
		return this.name.equals(VedetteProperties.Account.DEFAULT);
	}

	/** As logs and rows have it: {@code akool}, {@code akool/team-b}. */
	@Override
	public String toString() {
		return isDefault() ? this.provider : this.provider + "/" + this.name;
	}

}
