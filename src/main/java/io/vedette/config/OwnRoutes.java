package io.vedette.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.springframework.core.env.Environment;
import org.springframework.core.io.ClassPathResource;

/**
 * Files of {@code routes/} that are not as packaged.
 *
 * @param replaced those that took the place of packaged ones
 * @param added those beside them
 */
public record OwnRoutes(List<String> replaced, List<String> added) {

	/** Those of this application. */
	public static OwnRoutes of(Environment environment) {
		List<String> own = Stream.of(environment.getProperty("camel.main.routes-include-pattern", "").split(","))
			.filter((pattern) -> pattern.startsWith("file:"))
			.map((pattern) -> pattern.substring(pattern.lastIndexOf('/') + 1))
			.toList();
		Predicate<String> packaged = (file) -> new ClassPathResource("routes/" + file).exists();
		return new OwnRoutes(own.stream().filter(packaged).filter(OwnRoutes::isChanged).toList(),
				own.stream().filter(packaged.negate()).toList());
	}

	/** A mere copy replaces nothing. */
	private static boolean isChanged(String file) {
		try {
			return !Arrays.equals(Files.readAllBytes(Path.of("routes", file)),
					new ClassPathResource("routes/" + file).getContentAsByteArray());
		}
		catch (IOException ex) {
			return true;
		}
	}

}
