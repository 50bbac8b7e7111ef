package io.vedette.config;

/**
 * A key, token or signing secret. Its text never shows in a log or an exception.
 *
 * @param value the secret itself
 */
public record Secret(String value) {

	/**
	 * Whether there is a secret at all: an unset environment variable gives an empty one.
	 */
	public boolean isPresent() {
		return this.value != null && !this.value.isBlank();
	}

	@Override
	public String toString() {
		return isPresent() ? "***" : "";
	}

}
