package io.vedette.packaged;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * {@code bin/vedette} beside a copy of the jar, after its trial: a start costs half of
 * the processor time then. Whoever comes first has it trained, for all JVMs of a build.
 */
public final class TrainedStart {

	private static final Path HOME = Path.of("target", "trained").toAbsolutePath();

	private static Path script;

	private TrainedStart() {
	}

	public static synchronized Path script() {
		if (script == null) {
			try {
				script = install();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return script;
	}

	@SuppressWarnings("try")
	private static Path install() throws IOException {
		Files.createDirectories(HOME);
		Path jar = HOME.resolve("vedette.jar");
		Path start = HOME.resolve("vedette");
		try (FileChannel file = FileChannel.open(HOME.resolve("lock"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE); FileLock alone = file.lock()) {
			if (isOlder(jar, PackagedJar.JAR) || isOlder(start, PackagedJar.SCRIPT)
					|| !Files.exists(HOME.resolve("vedette.trained/seal"))) {
				Files.copy(PackagedJar.JAR, jar, StandardCopyOption.REPLACE_EXISTING);
				Files.copy(PackagedJar.SCRIPT, start, StandardCopyOption.REPLACE_EXISTING);
				train(start);
			}
		}
		return start;
	}

	private static boolean isOlder(Path copy, Path original) throws IOException {
		return !Files.exists(copy) || Files.mismatch(copy, original) >= 0;
	}

	private static void train(Path start) throws IOException {
		Path console = HOME.resolve("console");
		ProcessBuilder trial = new ProcessBuilder(start.toString(), "--train").redirectErrorStream(true)
			.redirectOutput(console.toFile());
		trial.environment().put("JAVA_HOME", System.getProperty("java.home"));
		int exitCode = trial.start().onExit().join().exitValue();
		if (exitCode != 0) {
			throw new IllegalStateException(
					"the trial failed with exit code %d: %s".formatted(exitCode, Files.readString(console)));
		}
	}

}
