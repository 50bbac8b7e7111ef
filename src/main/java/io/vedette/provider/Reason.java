package io.vedette.provider;

import jakarta.annotation.Nullable;

/**
 * Why a job failed or expired.
 *
 * @param code the provider's own code as text, or Vedette's word for it
 * @param message the provider's own words, in its own language
 */
public record Reason(@Nullable String code, @Nullable String message) {

	/** Nobody said why. */
	public static final Reason NONE = new Reason(null, null);

}
