package io.vedette.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.springframework.boot.ApplicationRunner;

/**
 * A program of a few dozen lines that does the way of a job without Vedette, in a JVM of
 * its own: it asks for each job that a line of its input names once a second, and posts
 * an event a face and one for the job.
 */
final class Peer implements Rival {

	/** The line by which it says that it has started. */
	static final String READY = "ready";

	private final String name;

	private final Path console;

	private final Process process;

	private final PrintStream input;

	private final DatabaseServer server;

	/**
	 * Starts it.
	 * @param options of its JVM
	 * @param server where its rows are, or null
	 * @param arguments root of the provider's API, its key, URL of the webhook, then its
	 * own
	 */
	Peer(String name, Class<? extends ApplicationRunner> program, List<String> options, DatabaseServer server,
			List<String> arguments) throws IOException {
		this.name = name;
		this.server = server;
		this.console = Path.of("target", name.replaceAll("\\W+", "-") + ".console");
		this.process = Contender.command(program, options, arguments)
			.redirectErrorStream(true)
			.redirectOutput(this.console.toFile())
			.start();
		this.input = new PrintStream(this.process.getOutputStream(), true, StandardCharsets.UTF_8);
	}

	@Override
	public void watch(List<String> jobIds) {
		jobIds.forEach(this.input::println);
	}

	/** Whether it has started, as far as it says so. */
	boolean isReady() throws IOException {
		return Files.readAllLines(this.console).contains(READY);
	}

	@Override
	public Duration cpuTime() throws IOException {
		Duration own = this.process.info().totalCpuDuration().orElseThrow();
		return (this.server != null) ? own.plus(this.server.cpuTime()) : own;
	}

	@Override
	public ProcessHandle process() {
		return this.process.toHandle();
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
	}

	@Override
	public String toString() {
		return this.name;
	}

}
