package io.vedette.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Tells Camel which route files to load: those in {@code routes/} of the working
 * directory, and those in the jar whose name is not among them. Refuses files that would
 * replace one of an earlier version.
 */
class RouteFiles implements EnvironmentPostProcessor {

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		try {
			Map<String, String> files = new TreeMap<>();
			Map<String, String> replacements = new TreeMap<>();
			PathMatchingResourcePatternResolver resolver = new PathMatchingResourcePatternResolver();
			for (Resource packaged : resolver.getResources("classpath*:routes/*.yaml")) {
				files.put(packaged.getFilename(), "classpath:routes/" + packaged.getFilename());
			}
			for (Resource own : resolver.getResources("file:routes/*.yaml")) {
				requireYaml(own);
				replacements.put(own.getFilename(), "file:routes/" + own.getFilename());
			}
			FormerRouteFiles.read().refuse(replacements.keySet(), files.keySet());
			files.putAll(replacements);
			environment.getPropertySources()
				.addLast(new MapPropertySource("route files",
						Map.of("camel.main.routes-include-pattern", String.join(",", files.values()))));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Camel's own parser, of which Camel would tell the line but not the file. */
	private static void requireYaml(Resource file) throws IOException {
		try (InputStream content = file.getInputStream()) {
			new Parse(LoadSettings.builder().build()).parseInputStream(content).forEach((event) -> {
			});
		}
		catch (MarkedYamlEngineException ex) {
			throw new ConfigurationProblem(
					"\"routes/%s\"%s: %s%s; expected YAML.".formatted(file.getFilename(), line(ex.getProblemMark()),
							(ex.getContext() != null) ? ex.getContext() + line(ex.getContextMark()) + ": " : "",
							ex.getProblem()),
					"Correct the file there, or in the lines before it.");
		}
	}

	private static String line(Optional<Mark> mark) {
		return mark.map((place) -> ", line " + (place.getLine() + 1)).orElse("");
	}

}
