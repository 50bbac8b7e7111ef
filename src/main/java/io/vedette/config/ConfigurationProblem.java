package io.vedette.config;

/** A setting that Vedette can't start with. */
public class ConfigurationProblem extends RuntimeException {

	private final String action;

	/**
	 * Describes the problem.
	 * @param description {@code <key, quoted>: <observed>; <expected>.} Never a secret's
	 * value
	 * @param action what to do
	 */
	public ConfigurationProblem(String description, String action) {
		super(description);
		this.action = action;
	}

	/** What to do about it. */
	public String action() {
		return this.action;
	}

}
