package io.vedette.benchmark;

import java.io.IOException;
import java.time.Instant;

import io.vedette.delivery.WebhookSignature;
import io.vedette.packaged.Load;
import io.vedette.packaged.Stage;
import io.vedette.standin.WebhookStandIn;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;

/** Signs each event and posts it. */
final class WebhookClient implements BareClient {

	private static final ContentType EVENT = ContentType.create("application/cloudevents+json");

	private final WebhookSignature signature = WebhookSignature.of(Stage.SECRET);

	private final WebhookStandIn webhook;

	private final CloseableHttpClient client;

	private long expected;

	/**
	 * @param connections how many requests are sent at a time
	 */
	WebhookClient(WebhookStandIn webhook, int connections) {
		this.webhook = webhook;
		this.client = HttpClients.custom()
			.setConnectionManager(
					PoolingHttpClientConnectionManagerBuilder.create().setMaxConnPerRoute(connections).build())
			.disableCookieManagement()
			.build();
	}

	@Override
	public String target() {
		return "crm";
	}

	@Override
	public void send(String id, String file, String body) throws IOException {
		long timestamp = Instant.now().getEpochSecond();
		HttpPost request = new HttpPost(this.webhook.url());
		request.setHeader("webhook-id", id);
		request.setHeader("webhook-timestamp", Long.toString(timestamp));
		request.setHeader("webhook-signature", this.signature.sign(id, timestamp, body));
		request.setEntity(new StringEntity(body, EVENT));
		int status = this.client.execute(request, (reply) -> reply.getCode());
		if (status != 200) {
			throw new IOException("webhook: status " + status);
		}
	}

	@Override
	public void expect(Load load) {
		this.expected = this.webhook.requestCount() + Race.eventCount(load);
	}

	@Override
	public boolean haveAllArrived() {
		return this.webhook.requestCount() >= this.expected;
	}

	@Override
	public void close() throws IOException {
		this.client.close();
	}

}
