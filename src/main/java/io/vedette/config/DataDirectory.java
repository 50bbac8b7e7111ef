package io.vedette.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Makes {@code vedette.data} absolute, as H2 refuses a path that is relative to the
 * working directory, and makes the directory itself, for nobody else to read: requests,
 * faces and pictures are in it.
 */
class DataDirectory implements EnvironmentPostProcessor {

	private static final String KEY = "vedette.data";

	private static final FileAttribute<?>[] OWNER_ONLY = {
			PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")) };

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		String path = environment.getProperty(KEY);
		if (path != null) {
			Path directory = Path.of(path).toAbsolutePath().normalize();
			create(directory);
			environment.getPropertySources()
				.addFirst(new MapPropertySource("data directory", Map.of(KEY, directory.toString())));
			if (environment.getProperty("spring.datasource.url", "").startsWith("jdbc:h2:file:" + directory)) {
				requireWritable(directory);
			}
		}
	}

	/** One that exists keeps its rights. */
	private static void create(Path directory) {
		boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
		try {
			Files.createDirectories(directory, posix ? OWNER_ONLY : new FileAttribute<?>[0]);
		}
		catch (IOException ex) {
			// With its database elsewhere, Vedette may need no directory at all.
		}
	}

	private static void requireWritable(Path directory) {
		Path blocked = directory.resolve("db");
		if (!Files.exists(blocked)) {
			blocked = directory;
		}
		if (!Files.isDirectory(blocked) || !Files.isWritable(blocked)) {
			throw new ConfigurationProblem(
					"\"%s\": \"%s\" %s; expected a directory that the user \"%s\" may write to.".formatted(KEY, blocked,
							Files.exists(blocked) ? "can't be written" : "can't be made",
							System.getProperty("user.name")),
					"Start Vedette in another directory, give that user the right to write, or set vedette.data.");
		}
	}

}
