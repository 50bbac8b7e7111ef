package io.vedette.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;

/**
 * What asking costs without Vedette: a thread that sends the request of {@code ask-crun}
 * and reads the status out of the reply, again and again, and does nothing else. What the
 * JVM does beside it, such as to compile and to collect garbage, is not counted.
 */
final class BarePoller implements AutoCloseable {

	private final ObjectMapper json = new ObjectMapper();

	private final String url;

	private final String key;

	private final Thread thread = new Thread(this::run, "bare-poller");

	private volatile boolean closed;

	private BarePoller(String url, String key) {
		this.url = url;
		this.key = key;
	}

	/** Begins to ask for one job. */
	static BarePoller start(String baseUrl, String key, String jobId) {
		BarePoller poller = new BarePoller(baseUrl + "/api/v1/client/job/detect-face-result?detect_task_id=" + jobId,
				key);
		poller.thread.start();
		return poller;
	}

	Duration cpuTime() {
		return Duration.ofNanos(ManagementFactory.getThreadMXBean().getThreadCpuTime(this.thread.getId()));
	}

	private void run() {
		try (CloseableHttpClient client = HttpClients.createDefault()) {
			while (!this.closed) {
				poll(client);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void poll(CloseableHttpClient client) throws IOException {
		HttpGet get = new HttpGet(this.url);
		get.setHeader("x-api-key", this.key);
		String status = client.execute(get,
				(reply) -> this.json.readTree(reply.getEntity().getContent()).at("/data/status").asText());
		if (!"starting".equals(status) && !"processing".equals(status)) {
			throw new IOException("status: \"%s\"; expected a pending one".formatted(status));
		}
	}

	@Override
	public void close() throws InterruptedException {
		this.closed = true;
		this.thread.join();
	}

}
