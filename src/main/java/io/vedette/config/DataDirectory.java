package io.vedette.config;

import java.nio.file.Path;
import java.util.Map;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Makes {@code vedette.data} absolute: H2 refuses a path that is relative to the working
 * directory.
 */
class DataDirectory implements EnvironmentPostProcessor {

	private static final String KEY = "vedette.data";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		String path = environment.getProperty(KEY);
		if (path != null) {
			environment.getPropertySources()
				.addFirst(new MapPropertySource("data directory",
						Map.of(KEY, Path.of(path).toAbsolutePath().normalize().toString())));
		}
	}

}
