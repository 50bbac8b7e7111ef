package io.vedette.packaged;

import java.io.IOException;

import static org.assertj.core.api.Assertions.assertThat;

/** Signals to processes, for which Java has no method. */
public final class Signals {

	private Signals() {
	}

	/** Sends a signal, by its name without {@code SIG}. */
	public static void send(ProcessHandle process, String name) throws IOException, InterruptedException {
		run("kill", "-" + name, Long.toString(process.pid()));
	}

	/** Runs a command that must succeed. */
	static void run(String... command) throws IOException, InterruptedException {
		int exitCode = new ProcessBuilder(command).inheritIO().start().waitFor();
		assertThat(exitCode).as(String.join(" ", command)).isZero();
	}

}
