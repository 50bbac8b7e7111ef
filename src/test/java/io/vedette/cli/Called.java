package io.vedette.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

import picocli.CommandLine;

/**
 * A call of the command line, as a shell sees it.
 *
 * @param exitCode 0 where all went well
 * @param out what it printed
 * @param err what it complained about, and how far it was
 */
record Called(int exitCode, String out, String err) {

	static Called with(String... args) {
		StringWriter out = new StringWriter();
		StringWriter err = new StringWriter();
		CommandLine line = VedetteCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
		int exitCode = VedetteCommand.run(line, args);
		return new Called(exitCode, out.toString(), err.toString());
	}

}
