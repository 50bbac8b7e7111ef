package io.vedette.config;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Properties;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/**
 * The names that packaged route files had in earlier versions. A file of such a name in a
 * user's directory would replace nothing: its routes would run beside those that took
 * their place.
 */
record FormerRouteFiles(Properties successors) {

	static final String SUFFIX = ".camel.yaml";

	static FormerRouteFiles read() throws IOException {
		return new FormerRouteFiles(PropertiesLoaderUtils
			.loadProperties(new ClassPathResource("former-route-files.properties", FormerRouteFiles.class)));
	}

	/**
	 * Refuses files of former names.
	 * @param own names of the files in the user's directory
	 * @param packaged names of the files in the jar
	 * @throws ConfigurationProblem that names each of them and its successor
	 */
	void refuse(Collection<String> own, Collection<String> packaged) {
		List<String> former = own.stream()
			.filter((file) -> !packaged.contains(file) && successor(file) != null)
			.sorted()
			.toList();
		if (!former.isEmpty()) {
			throw new ConfigurationProblem(String.join("\n", former.stream().map(this::problem).toList()),
					String.join("\n", former.stream().map(this::action).toList()));
		}
	}

	/** The name of the file that took its place, empty if none did; null if it is new. */
	private String successor(String file) {
		return file.endsWith(SUFFIX) ? this.successors.getProperty(file.substring(0, file.length() - SUFFIX.length()))
				: null;
	}

	private String problem(String file) {
		String successor = successor(file);
		return successor.isEmpty()
				? "\"routes/%s\": a route file of an earlier version; expected none, as REST is no route any more."
					.formatted(file)
				: "\"routes/%s\": a route file of an earlier version; expected \"routes/%s%s\", where its routes are now."
					.formatted(file, successor, SUFFIX);
	}

	private String action(String file) {
		String successor = successor(file);
		return successor.isEmpty() ? "Remove routes/%s.".formatted(file)
				: "Make your change to a copy of the packaged %s%s in routes/, then remove routes/%s."
					.formatted(successor, SUFFIX, file);
	}

}
