package io.vedette.benchmark;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/** With the JDK's pools and nothing else, in memory: a crash takes all of it. */
class BarePeer implements ApplicationRunner {

	private final ScheduledExecutorService askers = Executors.newScheduledThreadPool(PeerClient.CONCURRENCY);

	private final ExecutorService senders = Executors.newFixedThreadPool(PeerClient.CONCURRENCY);

	private PeerClient client;

	/** Root of the API, key, URL of the webhook. */
	@Override
	public void run(ApplicationArguments arguments) {
		List<String> values = arguments.getNonOptionArgs();
		this.client = new PeerClient(values.get(0), values.get(1), values.get(2));
		Scanner jobs = new Scanner(System.in, StandardCharsets.UTF_8);
		while (jobs.hasNextLine()) {
			String jobId = jobs.nextLine();
			this.askers.execute(() -> ask(jobId));
		}
	}

	private void ask(String jobId) {
		try {
			JsonNode job = this.client.ask(jobId);
			if (PeerClient.isPending(job)) {
				this.askers.schedule(() -> ask(jobId), 1, TimeUnit.SECONDS);
			}
			else {
				this.client.events(jobId, job)
					.values()
					.forEach((event) -> this.senders.execute(() -> this.client.send(event)));
			}
		}
		catch (UncheckedIOException ex) {
			this.askers.schedule(() -> ask(jobId), 1, TimeUnit.SECONDS);
		}
	}

}
