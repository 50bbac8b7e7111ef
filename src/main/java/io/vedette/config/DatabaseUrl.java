package io.vedette.config;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Refuses databases that Vedette has no tables for, before a driver is looked for.
 * Drivers that wrap one of the two are let through.
 */
public class DatabaseUrl implements EnvironmentPostProcessor {

	private static final String KEY = "spring.datasource.url";

	/** Whether a database that is let through is H2: else it is PostgreSQL. */
	public static boolean isH2(String url) {
		return isOf("h2", url);
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		String url = environment.getProperty(KEY);
		if (url != null && !isOf("h2|postgresql", url)) {
			throw new ConfigurationProblem(
					"\"%s\": %s; expected H2 (jdbc:h2:...) or PostgreSQL (jdbc:postgresql://host/database)."
						.formatted(KEY, kind(url)),
					"Correct SPRING_DATASOURCE_URL, or leave it out: then it is H2 below vedette.data.");
		}
	}

	private static boolean isOf(String kinds, String url) {
		return url.matches("(?s)jdbc:([\\w-]+:)*(%s):.*".formatted(kinds));
	}

	/** Without what follows, where a password may be. */
	private static String kind(String url) {
		String scheme = url.replaceFirst("(?s)^(jdbc:)?([\\w-]*).*", "$1$2");
		return scheme.isBlank() ? "no URL" : "\"" + scheme + "\" is a database that Vedette does not know";
	}

}
