package io.vedette.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.vedette.packaged.Signals;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;

/**
 * A program that asks as fast as it can, in a JVM of its own: all of its processor time
 * counts, with what its JVM compiles and collects. It stands still unless it is its turn.
 */
record Contender(ProcessHandle process) implements AutoCloseable {

	/**
	 * Starts a class of the tests. It has no main method: with several of them
	 * {@code spring-boot:test-run} would not know which to run.
	 */
	static Contender start(Class<? extends ApplicationRunner> program, List<String> arguments) throws IOException {
		return new Contender(command(program, List.of(), arguments).redirectErrorStream(true)
			.redirectOutput(Path.of("target", program.getSimpleName() + ".console").toFile())
			.start()
			.toHandle());
	}

	static ProcessBuilder command(Class<? extends ApplicationRunner> program, List<String> options,
			List<String> arguments) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m"));
		command.addAll(options);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), SpringApplication.class.getName(),
				"--spring.main.sources=" + program.getName(), "--spring.main.web-application-type=none"));
		command.addAll(arguments);
		return new ProcessBuilder(command);
	}

	Duration cpuTime() {
		return this.process.info().totalCpuDuration().orElseThrow();
	}

	void freeze() throws IOException, InterruptedException {
		Signals.send(this.process, "STOP");
	}

	void thaw() throws IOException, InterruptedException {
		Signals.send(this.process, "CONT");
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
		this.process.onExit().join();
	}

}
