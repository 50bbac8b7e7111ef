package io.vedette.benchmark;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/**
 * What asking costs without Vedette: a program whose one thread sends the request of
 * {@code ask-crun} and reads the status out of the reply, again and again, and does
 * nothing else.
 */
class BarePoller implements ApplicationRunner {

	private static final ObjectMapper json = new ObjectMapper();

	/** Root of the API, key, id of a pending job. */
	@Override
	public void run(ApplicationArguments arguments) throws IOException {
		List<String> values = arguments.getNonOptionArgs();
		String url = values.get(0) + "/api/v1/client/job/detect-face-result?detect_task_id=" + values.get(2);
		try (CloseableHttpClient client = HttpClients.createDefault()) {
			while (true) {
				poll(client, url, values.get(1));
			}
		}
	}

	private static void poll(CloseableHttpClient client, String url, String key) throws IOException {
		HttpGet get = new HttpGet(url);
		get.setHeader("x-api-key", key);
		String status = client.execute(get,
				(reply) -> json.readTree(reply.getEntity().getContent()).at("/data/status").asText());
		if (!"starting".equals(status) && !"processing".equals(status)) {
			throw new IOException("status: \"%s\"; expected a pending one".formatted(status));
		}
	}

}
