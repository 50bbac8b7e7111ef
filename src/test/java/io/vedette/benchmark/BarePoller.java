package io.vedette.benchmark;

import java.io.IOException;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;

/**
 * What asking costs without Vedette: a program whose one thread sends the request of
 * {@code ask-crun} and reads the status out of the reply, again and again, and does
 * nothing else.
 */
final class BarePoller {

	private static final ObjectMapper json = new ObjectMapper();

	private BarePoller() {
	}

	/** Arguments: root of the API, key, id of a pending job. */
	public static void main(String[] arguments) throws IOException {
		String url = arguments[0] + "/api/v1/client/job/detect-face-result?detect_task_id=" + arguments[2];
		try (CloseableHttpClient client = HttpClients.createDefault()) {
			while (true) {
				poll(client, url, arguments[1]);
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
