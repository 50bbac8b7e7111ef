package io.vedette;

import java.util.List;
import java.util.Optional;

/** What is answered on the command line itself, without a start. */
final class CommandLine {

	private static final String HELP = """
			Vedette %s: watches detection jobs until they finish, and hands on every face.

			  java -XX:+ExitOnOutOfMemoryError -jar vedette.jar [--<key>=<value> ...]

			  --help             prints this text
			  --version          prints the version
			  --<key>=<value>    sets a key of the configuration, as in --server.port=9090

			Keys of the providers are read from the environment: AKOOL_API_KEY, CRUN_API_KEY.

			Where it is started, each if it is there:
			  config/application.yaml   keys of the configuration; the one in the jar lists and explains all of them
			  routes/                   route files that replace packaged ones of the same name, or add to them
			  lib/                      jars of further Camel components

			What it says at its start names where it listens, its data, database, providers, targets and intakes.
			""";

	private CommandLine() {
	}

	/** The answer to arguments that ask for one, or nothing: then Vedette starts. */
	static Optional<String> answer(String[] args) {
		List<String> arguments = List.of(args);
		if (arguments.contains("--help")) {
			return Optional.of(HELP.formatted(version()).stripTrailing());
		}
		return arguments.contains("--version") ? Optional.of("Vedette " + version()) : Optional.empty();
	}

	/** The jar's manifest has it; classes in a directory have none. */
	private static String version() {
		return Optional.ofNullable(CommandLine.class.getPackage().getImplementationVersion()).orElse("(unpackaged)");
	}

}
