package io.vedette.cli;

import java.io.PrintWriter;

import io.vedette.job.Watch;

/** How far a job is: a bar on a terminal, a line for each change elsewhere. */
final class ProgressLine implements AutoCloseable {

	private static final int WIDTH = 30;

	private final PrintWriter out;

	private final boolean terminal;

	private String last = "";

	ProgressLine(PrintWriter out, boolean terminal) {
		this.out = out;
		this.terminal = terminal;
	}

	static ProgressLine on(PrintWriter out) {
		// The console of some JDKs is there without a terminal; this one never is.
		System.setProperty("jdk.console", "java.base");
		return new ProgressLine(out, System.console() != null);
	}

	/** Shows what was heard last. */
	void show(Watch watch) {
		if (watch.getAnswer() != null) {
			Integer progress = watch.getProgress();
			String answer = watch.getAnswer().type().label();
			show(this.terminal ? "%s %s, asked %d times".formatted(bar(progress), answer, watch.getPolls())
					: "%s: %s%s".formatted(watch.getJob(), answer, (progress != null) ? ", " + progress + " %" : ""));
		}
	}

	private void show(String text) {
		if (!text.equals(this.last)) {
			this.out.print(this.terminal ? "\r" + text + " ".repeat(Math.max(0, this.last.length() - text.length()))
					: text + System.lineSeparator());
			this.out.flush();
			this.last = text;
		}
	}

	private static String bar(Integer progress) {
		int done = (progress != null) ? progress * WIDTH / 100 : 0;
		return "[%s%s] %4s".formatted("#".repeat(done), "-".repeat(WIDTH - done),
				(progress != null) ? progress + " %" : "");
	}

	/** What follows begins on a line of its own. */
	@Override
	public void close() {
		if (this.terminal && !this.last.isEmpty()) {
			this.out.println();
		}
	}

}
