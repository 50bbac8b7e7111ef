package io.vedette.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import io.vedette.VedetteApplication;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * Vedette as it is configured, but without a server, and on a directory and a database
 * that go with it.
 */
final class ScratchVedette implements AutoCloseable {

	private final Path data;

	private final ConfigurableApplicationContext context;

	private ScratchVedette(Path data, ConfigurableApplicationContext context) {
		this.data = data;
		this.context = context;
	}

	/**
	 * Starts it.
	 * @param initializer has the last word on the configuration
	 * @param settings further keys, each as {@code --key=value}
	 * @throws CommandProblem if it does not start; why has been printed
	 */
	static ScratchVedette start(ApplicationContextInitializer<ConfigurableApplicationContext> initializer,
			String... settings) {
		Path data = directory();
		// Runs once the context is closed, also when the process is interrupted.
		SpringApplication.getShutdownHandlers().add(() -> delete(data));
		SpringApplication application = new SpringApplication(VedetteApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.addInitializers(initializer);
		try {
			return new ScratchVedette(data,
					application.run(Stream.concat(own(data), Stream.of(settings)).toArray(String[]::new)));
		}
		catch (RuntimeException ex) {
			delete(data);
			throw new CommandProblem(VedetteCommand.FAULT, "it does not start; why is said above.");
		}
	}

	private static Stream<String> own(Path data) {
		String name = data.getFileName().toString();
		return Stream.of("--vedette.data=" + data, "--vedette.node=" + name,
				"--spring.datasource.url=jdbc:h2:mem:" + name
						+ ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;DB_CLOSE_DELAY=-1",
				"--spring.datasource.driver-class-name=org.h2.Driver", "--spring.datasource.username=vedette",
				"--spring.datasource.password=", "--logging.level.root=error", "--logging.level.io.vedette=error",
				// Nothing is left to wait for.
				"--camel.main.shutdown-timeout=1");
	}

	private static Path directory() {
		try {
			return Files.createTempDirectory("vedette-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void delete(Path directory) {
		FileSystemUtils.deleteRecursively(directory.toFile());
	}

	/**
	 * One of its parts.
	 * @throws CommandProblem if it is being stopped
	 */
	<T> T get(Class<T> type) {
		if (!this.context.isActive()) {
			throw new CommandProblem(VedetteCommand.FAULT, "stopped before it had come to its end.");
		}
		return this.context.getBean(type);
	}

	Path data() {
		return this.data;
	}

	@Override
	public void close() {
		this.context.close();
		delete(this.data);
	}

}
