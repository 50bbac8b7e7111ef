package io.vedette.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import io.vedette.api.ShownJob;
import io.vedette.config.VedetteProperties;
import io.vedette.delivery.DeliveryStatus;
import io.vedette.delivery.DeliveryStore.DeliveryRow;
import io.vedette.job.JobStatus;
import io.vedette.job.JobStore.JobRow;
import io.vedette.provider.Reason;
import io.vedette.text.ForeignText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Watches one job until it has ended, and saves its faces. */
@Command(name = "watch",
		description = { "Watches one job until it has ended, and saves its faces.",
				"Needs no server and leaves nothing else behind. Keys, routes and settings are those of the server." },
		exitCodeListHeading = "%nExit code:%n",
		exitCodeList = { "0:the job has succeeded", "1:something else went wrong", "2:it has failed",
				"3:it has expired", "4:the provider refuses the key or the quota", "64:usage" })
final class WatchCommand implements Callable<Integer> {

	private static final int FAILED = 2;

	private static final int EXPIRED = 3;

	@Parameters(index = "0", paramLabel = "PROVIDER", description = "Name of the provider, such as akool.")
	private String provider;

	@Parameters(index = "1", paramLabel = "ID",
			description = "The provider's id of the job. Write -- before one that begins with a hyphen.")
	private String jobId;

	@Option(names = "--out", paramLabel = "DIR",
			description = "Directory for the faces: pictures, and events as JSON. Without it: one named after the job, in this directory.")
	private Path out;

	@Option(names = "--account", paramLabel = "NAME", defaultValue = VedetteProperties.Account.DEFAULT,
			description = "The provider's account whose key the job is asked with. Without it: ${DEFAULT-VALUE}.")
	private String account;

	@Option(names = "--json", description = "Prints the job as JSON at the end, as GET /jobs/PROVIDER/ID shows it.")
	private boolean json;

	@Spec
	private CommandSpec spec;

	@Override
	public Integer call() throws Exception {
		Faces faces = Faces.into(this.out);
		try (ScratchVedette vedette = ScratchVedette.start(new OneTarget())) {
			OneJob job = OneJob.register(vedette, this.provider, this.jobId, this.account);
			JobRow end = job.await(ProgressLine.on(err()));
			Path saved = (end.status() == JobStatus.SUCCEEDED) ? faces.take(vedette.data()) : null;
			out().println(this.json ? vedette.get(ShownJob.class).json(this.provider, this.jobId)
					: summary(end, job.faces(), saved));
			return Math.max(exitCode(end.status()), tellOfLosses(job.deliveries()));
		}
	}

	private static String summary(JobRow end, int faces, Path saved) {
		if (saved != null) {
			return "%s SUCCEEDED, %d faces in %s".formatted(end.job(), faces, saved);
		}
		Reason reason = end.reason();
		return "%s %s: %s".formatted(end.job(), end.status(),
				(reason != null) ? ForeignText.printable(reason.code() + ": " + reason.message()) : "no reason given");
	}

	private static int exitCode(JobStatus status) {
		return switch (status) {
			case FAILED -> FAILED;
			case EXPIRED -> EXPIRED;
			default -> 0;
		};
	}

	/** A picture that can't be had leaves its face whole. */
	private int tellOfLosses(List<DeliveryRow> deliveries) {
		deliveries.stream()
			.filter((delivery) -> delivery.reason() != null)
			.forEach((delivery) -> err()
				.println("%s: %s".formatted(delivery.event(), ForeignText.printable(delivery.reason()))));
		return deliveries.stream().anyMatch((delivery) -> delivery.status() == DeliveryStatus.DEAD)
				? VedetteCommand.FAULT : 0;
	}

	private PrintWriter out() {
		return this.spec.commandLine().getOut();
	}

	private PrintWriter err() {
		return this.spec.commandLine().getErr();
	}

}
