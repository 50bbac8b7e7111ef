package io.vedette.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class VedetteCommandTest {

	@ParameterizedTest
	@ValueSource(strings = { "", "--server.port=9090", "--server.port=9090 --debug" })
	void leavesKeysOfTheConfigurationToTheServer(String args) {
		assertThat(VedetteCommand.isMeant(split(args))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "--help", "-h", "--server.port=9090 --help", "watch", "check", "--version", "wach akool x" })
	void takesEverythingElse(String args) {
		assertThat(VedetteCommand.isMeant(split(args))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "--help", "-h", "--server.port=9090 --help" })
	void helpsWithAllCommands(String args) {
		Called called = Called.with(split(args));
		assertThat(called.exitCode()).isZero();
		assertThat(called.out()).contains("Vedette ", "-jar vedette.jar [--<key>=<value> ...]", "watch", "jobs",
				"providers", "replay", "check", "generate-completion", "AKOOL_API_KEY", "config/application.yaml");
	}

	@ParameterizedTest
	@ValueSource(strings = { "watch", "jobs", "providers", "replay", "check" })
	void helpsWithEachCommand(String command) {
		Called called = Called.with(command, "--help");
		assertThat(called.exitCode()).isZero();
		assertThat(called.out()).contains("Usage: vedette " + command);
	}

	@Test
	void saysItsVersion() {
		Called called = Called.with("--version");
		assertThat(called.exitCode()).isZero();
		assertThat(called.out()).startsWith("Vedette ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "wach akool x", "watch akool", "watch", "jobs --statuss=dead", "jobs --url", "-x",
			"--server.port=9 watch akool x", "providers some", "jobs --url=nowhere" })
	void refusesWhatMakesNoSense(String args) {
		Called called = Called.with(split(args));
		assertThat(called.exitCode()).as(called.err()).isEqualTo(64);
		assertThat(called.out()).isEmpty();
		assertThat(called.err()).startsWith("vedette: ");
	}

	@Test
	void saysWhatWasMeant() {
		assertThat(Called.with("wach", "akool", "x").err()).contains("watch").contains("vedette --help");
	}

	private static String[] split(String args) {
		return args.isEmpty() ? new String[0] : args.split(" ");
	}

}
