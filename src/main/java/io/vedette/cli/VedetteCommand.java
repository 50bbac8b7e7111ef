package io.vedette.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;

import io.vedette.text.ForeignText;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is done on the command line itself, without a start of the server. */
@Command(name = "vedette", mixinStandardHelpOptions = true, versionProvider = VedetteCommand.Version.class,
		scope = ScopeType.INHERIT, exitCodeOnInvalidInput = VedetteCommand.USAGE)
public final class VedetteCommand implements Runnable {

	/** Exit code of a call that makes no sense, as {@code sysexits.h} has it. */
	static final int USAGE = 64;

	/** Exit code where something else has gone wrong. */
	static final int FAULT = 1;

	/** Of the help, in characters. */
	private static final int WIDTH = 120;

	private static final String[] SYNOPSIS = {
			"java -XX:+ExitOnOutOfMemoryError -jar vedette.jar [--<key>=<value> ...]",
			"  or:  java -jar vedette.jar COMMAND [--help]" };

	private static final String[] FOOTER = """

			Without a command it starts the server, which watches jobs until it is stopped:
			  --<key>=<value>    sets a key of the configuration, as in --server.port=9090

			Keys of the providers are read from the environment: AKOOL_API_KEY, CRUN_API_KEY.

			Where it is started, each if it is there:
			  config/application.yaml   keys of the configuration; the one in the jar lists and explains all of them
			  routes/                   route files that replace packaged ones of the same name, or add to them
			  lib/                      jars of further Camel components

			What it says at its start names where it listens, its data, database, providers, targets and intakes.
			""".split("\n");

	private VedetteCommand() {
	}

	/**
	 * Whether arguments ask for anything but the server, which takes keys of the
	 * configuration alone.
	 */
	public static boolean isMeant(String... args) {
		return isAboutVedette(args) || List.of(args).stream().anyMatch((arg) -> !arg.startsWith("--"));
	}

	/** Beside keys of the configuration too. */
	private static boolean isAboutVedette(String... args) {
		return List.of(args).contains("--help") || List.of(args).contains("--version");
	}

	/** Runs what the arguments ask for; its answer is the exit code. */
	public static int run(CommandLine line, String... args) {
		boolean keysBeside = args.length > 1 && args[0].startsWith("--") && isAboutVedette(args);
		return line
			.execute(keysBeside ? new String[] { List.of(args).contains("--help") ? "--help" : "--version" } : args);
	}

	/** All commands. */
	public static CommandLine commandLine() {
		CommandLine line = new CommandLine(new VedetteCommand());
		line.addSubcommand(new WatchCommand())
			.addSubcommand(new JobsCommand())
			.addSubcommand(new ProvidersCommand())
			.addSubcommand(new ReplayCommand())
			.addSubcommand(new CheckCommand())
			.addSubcommand(new GenerateCompletion());
		line.setUsageHelpWidth(WIDTH);
		line.getCommandSpec()
			.usageMessage()
			.header("Vedette %s: watches detection jobs until they finish, and hands on every face."
				.formatted(version()), "")
			.customSynopsis(SYNOPSIS)
			.footer(FOOTER);
		return line.setParameterExceptionHandler(VedetteCommand::refuse)
			.setExecutionExceptionHandler((fault, failed, parsed) -> tell(fault, failed));
	}

	@Override
	public void run() {
		throw new IllegalStateException("No arguments start the server.");
	}

	private static int refuse(ParameterException refusal, String[] args) {
		PrintWriter err = refusal.getCommandLine().getErr();
		err.println("vedette: " + ForeignText.printable(refusal.getMessage()));
		UnmatchedArgumentException.printSuggestions(refusal, err);
		err.println("%s --help says what may be written."
			.formatted(refusal.getCommandLine().getCommandSpec().qualifiedName()));
		return USAGE;
	}

	private static int tell(Exception fault, CommandLine failed) {
		failed.getErr()
			.println("vedette: " + ((fault instanceof CommandProblem) ? fault.getMessage()
					: ForeignText.printable(fault.toString())));
		return (fault instanceof CommandProblem problem) ? problem.exitCode() : FAULT;
	}

	/** The jar's manifest has it; classes in a directory have none. */
	private static String version() {
		return Optional.ofNullable(VedetteCommand.class.getPackage().getImplementationVersion()).orElse("(unpackaged)");
	}

	static final class Version implements IVersionProvider {

		@Override
		public String[] getVersion() {
			return new String[] { "Vedette " + version() };
		}

	}

}
