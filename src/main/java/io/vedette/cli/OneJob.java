package io.vedette.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.delivery.DeliveryStatus;
import io.vedette.delivery.DeliveryStore;
import io.vedette.delivery.DeliveryStore.DeliveryRow;
import io.vedette.intake.RequestReader;
import io.vedette.intake.Row;
import io.vedette.job.JobStatus;
import io.vedette.job.JobStore;
import io.vedette.job.JobStore.JobRow;
import io.vedette.job.Watchman;
import io.vedette.provider.AnswerClass;
import io.vedette.provider.Pause;
import io.vedette.provider.Providers;
import io.vedette.schedule.SteadyClock;
import io.vedette.text.ForeignText;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.ServiceStatus;

/** The one job of a Vedette without a server. */
final class OneJob {

	private static final String ROUTE = "register-jobs";

	private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

	private static final int REFUSED = 4;

	private final ScratchVedette vedette;

	private final String provider;

	private final String jobId;

	private final String account;

	private OneJob(ScratchVedette vedette, String provider, String jobId, String account) {
		this.vedette = vedette;
		this.provider = provider;
		this.jobId = jobId;
		this.account = account;
	}

	/**
	 * Hands the job in, as every intake does.
	 * @throws CommandProblem if it can't be taken
	 */
	static OneJob register(ScratchVedette vedette, String provider, String jobId, String account)
			throws JsonProcessingException, InterruptedException {
		byte[] request = vedette.get(JsonMapper.class)
			.writeValueAsBytes(Map.of("provider", provider, "jobId", jobId, "account", account));
		Row row = vedette.get(RequestReader.class).readText(request, null, null).next().get(0);
		if (row.problem() != null) {
			throw new CommandProblem(VedetteCommand.USAGE, row.problem());
		}
		awaitRoute(vedette.get(CamelContext.class));
		vedette.get(ProducerTemplate.class).requestBody("direct:" + ROUTE, List.of(row));
		return new OneJob(vedette, provider, jobId, account);
	}

	/** Camel calls itself started before its routes are. */
	private static void awaitRoute(CamelContext camel) throws InterruptedException {
		ServiceStatus status = camel.getRouteController().getRouteStatus(ROUTE);
		while (status == null || !status.isStarted()) {
			Thread.sleep(LOOK_AGAIN.toMillis());
			status = camel.getRouteController().getRouteStatus(ROUTE);
		}
	}

	/**
	 * Waits until the job has ended and its faces are saved.
	 * @throws CommandProblem if the provider refuses the key or the quota
	 */
	JobRow await(ProgressLine progress) throws InterruptedException {
		try (progress) {
			JobRow row = row();
			while (row.status() == JobStatus.WATCHING || !isSettled()) {
				this.vedette.get(Watchman.class).watchOf(row.job()).ifPresent(progress::show);
				refuse();
				Thread.sleep(LOOK_AGAIN.toMillis());
				row = row();
			}
			return row;
		}
	}

	private void refuse() {
		this.vedette.get(Providers.class)
			.get(this.provider)
			.account(this.account)
			.pause(this.vedette.get(SteadyClock.class).instant())
			.filter((pause) -> pause.cause() == AnswerClass.REFUSED)
			.map(Pause::reason)
			.ifPresent((reason) -> {
				throw new CommandProblem(REFUSED, "%s refuses: %s. Check the key and the quota."
					.formatted(this.provider, ForeignText.printable(reason.code() + ": " + reason.message())));
			});
	}

	private JobRow row() {
		return this.vedette.get(JobStore.class).find(this.provider, this.jobId).orElseThrow();
	}

	private boolean isSettled() {
		return deliveries().stream().noneMatch((delivery) -> delivery.status() == DeliveryStatus.PENDING);
	}

	List<DeliveryRow> deliveries() {
		return this.vedette.get(DeliveryStore.class).ofJob(row().job());
	}

	int faces() {
		return this.vedette.get(DeliveryStore.class).facesOf(row().job()).size();
	}

}
