package io.vedette.standin;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WebhookStandInTest {

	private final HttpClient client = HttpClient.newHttpClient();

	@Test
	void recordsWhatWasPostedAndAnswersInOrder() throws Exception {
		try (WebhookStandIn webhook = new WebhookStandIn().answers(503, 204)) {
			assertThat(IntStream.range(0, 3).map((number) -> post(webhook, "ü" + number))).containsExactly(503, 204,
					204);
			assertThat(webhook.requests()).extracting(Request::text).containsExactly("ü0", "ü1", "ü2");
			assertThat(webhook.requests()).extracting(Request::method).containsOnly("POST");
			assertThat(webhook.requests()).extracting((request) -> request.header("webhook-id")).containsOnly("w");
		}
	}

	private int post(WebhookStandIn webhook, String body) {
		try {
			HttpRequest request = HttpRequest.newBuilder(URI.create(webhook.url()))
				.header("webhook-id", "w")
				.POST(HttpRequest.BodyPublishers.ofString(body))
				.build();
			return this.client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

}
