package io.vedette.cli;

import java.util.concurrent.Callable;

import io.vedette.delivery.Targets;
import io.vedette.provider.Account;
import io.vedette.provider.Providers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Looks at what a start looks at, and starts nothing. */
@Command(name = "check",
		description = { "Looks at configuration, routes, tables and buses as a start does, and starts nothing.",
				"Database and data directory are left alone." },
		exitCodeListHeading = "%nExit code:%n", exitCodeList = { "0:all is well", "1:a start would fail", "64:usage" })
final class CheckCommand implements Callable<Integer> {

	@Spec
	private CommandSpec spec;

	@Override
	public Integer call() {
		try (ScratchVedette vedette = ScratchVedette.start((context) -> {
		}, "--camel.main.auto-startup=false")) {
			this.spec.commandLine()
				.getOut()
				.println("Vedette would start, with the providers %s and the targets %s".formatted(
						vedette.get(Providers.class).accounts().stream().map(Account::name).toList(),
						vedette.get(Targets.class).names()));
			return 0;
		}
	}

}
