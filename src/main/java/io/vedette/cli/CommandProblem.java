package io.vedette.cli;

/** Why a command can't do what it was called for, as its caller is told. */
final class CommandProblem extends RuntimeException {

	private final int exitCode;

	CommandProblem(int exitCode, String message) {
		super(message);
		this.exitCode = exitCode;
	}

	int exitCode() {
		return this.exitCode;
	}

}
