package io.vedette.provider;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * An account that is other than before: its key, its limits or that there is one.
 */
public record AccountChange(AccountName account, Kind kind) {

	/** What has become of it. */
	public enum Kind {

		ADDED, CHANGED, REMOVED;

		@JsonValue
		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
