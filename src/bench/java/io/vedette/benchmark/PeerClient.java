package io.vedette.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * The requests of a {@link Peer}: a poll, the CloudEvents of a finished job, a post. They
 * are not signed.
 */
final class PeerClient {

	/** Requests to the webhook at a time, as many as a target of Vedette's has. */
	static final int CONCURRENCY = 16;

	private static final ObjectMapper JSON = new ObjectMapper();

	private static final ContentType EVENT = ContentType.create("application/cloudevents+json");

	private final CloseableHttpClient http = HttpClients.custom()
		.setConnectionManager(
				PoolingHttpClientConnectionManagerBuilder.create().setMaxConnPerRoute(64).setMaxConnTotal(256).build())
		.disableCookieManagement()
		.disableAutomaticRetries()
		.build();

	private final String url;

	private final String key;

	private final String webhook;

	PeerClient(String baseUrl, String key, String webhook) {
		this.url = baseUrl + "/api/v1/client/job/detect-face-result?detect_task_id=";
		this.key = key;
		this.webhook = webhook;
	}

	/** What the provider says of a job. */
	JsonNode ask(String jobId) {
		HttpGet get = new HttpGet(this.url + jobId);
		get.setHeader("x-api-key", this.key);
		try {
			return this.http.execute(get, (reply) -> JSON.readTree(reply.getEntity().getContent()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static boolean isPending(JsonNode job) {
		return job.at("/data/status").asText().equals("processing");
	}

	/** The events of a finished job, by their ids. */
	Map<String, String> events(String jobId, JsonNode job) {
		Map<String, String> events = new LinkedHashMap<>();
		String time = Instant.now().toString();
		JsonNode faces = job.at("/data/result/faces");
		for (JsonNode face : faces) {
			String id = "crun:" + jobId + ":face:" + face.path("id").asText();
			ObjectNode event = event(id, "vedette.face.detected", jobId, time);
			event.putObject("data")
				.put("provider", "crun")
				.put("jobId", jobId)
				.put("faceId", face.path("id").asText())
				.put("total", faces.size())
				.put("imageUrl", face.path("link").asText())
				.putObject("details")
				.put("detectId", job.at("/data/result/id").asText());
			events.put(id, event.toString());
		}
		ObjectNode end = event("crun:" + jobId + ":job", "vedette.job.succeeded", jobId, time);
		end.putObject("data").put("provider", "crun").put("jobId", jobId).put("faces", faces.size());
		events.put("crun:" + jobId + ":job", end.toString());
		return events;
	}

	private static ObjectNode event(String id, String type, String jobId, String time) {
		return JSON.createObjectNode()
			.put("specversion", "1.0")
			.put("type", type)
			.put("source", "/providers/crun")
			.put("subject", jobId)
			.put("id", id)
			.put("time", time)
			.put("datacontenttype", "application/json");
	}

	void send(String event) {
		HttpPost post = new HttpPost(this.webhook);
		post.setEntity(new StringEntity(event, EVENT));
		try {
			int status = this.http.execute(post, (reply) -> reply.getCode());
			if (status != 200) {
				throw new IOException("webhook: status " + status);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
