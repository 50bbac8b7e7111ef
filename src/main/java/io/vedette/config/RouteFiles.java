package io.vedette.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

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

}
