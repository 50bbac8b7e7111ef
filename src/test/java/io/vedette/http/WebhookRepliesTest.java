package io.vedette.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** At a webhook the status line decides, whatever follows it. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class WebhookRepliesTest {

	private static final int LONG = 1024 * 1024;

	private final DefaultCamelContext context = new DefaultCamelContext();

	private final CountDownLatch never = new CountDownLatch(1);

	private RawServer server;

	@AfterEach
	void stop() throws IOException {
		this.context.stop();
		this.server.close();
	}

	static List<String> oddReplies() {
		return List.of("Content-Encoding: UTF-8\r\nContent-Length: 2\r\n\r\nok",
				"Content-Encoding: \r\nContent-Length: 2\r\n\r\nok",
				"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok",
				"Content-Encoding: br, gzip\r\nContent-Length: 2\r\n\r\nok",
				"Set-Cookie: a=b\r\n".repeat(250) + "Content-Length: 2\r\n\r\nok",
				"X-Long: " + "x".repeat(20_000) + "\r\nContent-Length: 2\r\n\r\nok",
				"Content-Type: text/plain; charset=nothing\r\nContent-Length: 2\r\n\r\nok",
				"Content-Type: application/x-java-serialized-object\r\nContent-Length: 2\r\n\r\nok",
				"no header\r\nContent-Length: 2\r\n\r\nok", "Location: /elsewhere\r\nContent-Length: 0\r\n\r\n",
				"Content-Length: 0\r\n\r\n");
	}

	@ParameterizedTest
	@MethodSource("oddReplies")
	void takesAnyReplyOf2xxForASuccess(String reply) throws Exception {
		start((out) -> {
			out.write(("HTTP/1.1 200 OK\r\n" + reply).getBytes(StandardCharsets.US_ASCII));
			return true;
		});
		assertThat(status(post())).isEqualTo(200);
		assertThat(status(post())).isEqualTo(200);
		assertThat(this.server.connections()).as("%s", this.server.requests()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 10\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\nno chunk\r\n",
			"Transfer-Encoding: gzip\r\n\r\nok", "Content-Length: two\r\n\r\nok", "Content-Length: -1\r\n\r\nok",
			"Content-Length: \r\n\r\n", "Content-Length: 2\r\nContent-Length: 3\r\n\r\nok", "\r\nok" })
	void takesAReplyThatBreaksOffBehindItsHeadersForASuccess(String reply) throws Exception {
		start((out) -> {
			out.write(("HTTP/1.1 202 OK\r\n" + reply).getBytes(StandardCharsets.US_ASCII));
			return false;
		});
		assertThat(status(post())).isEqualTo(202);
	}

	@Test
	void waitsForNoBody() throws Exception {
		start((out) -> {
			out.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII));
			this.never.await();
			return true;
		});
		long start = System.nanoTime();
		assertThat(status(post())).isEqualTo(200);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
	}

	@Test
	void hangsUpOnALongBody() throws Exception {
		start((out) -> {
			out.write("HTTP/1.1 200 OK\r\nContent-Length: 300000000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			while (true) {
				out.write(new byte[8192]);
			}
		});
		assertThat(status(post())).isEqualTo(200);
		assertThat(status(post())).isEqualTo(200);
		assertThat(this.server.written()).isLessThan(30 * LONG);
	}

	@Test
	void readsNothingButStatusAndRetryAfter() throws Exception {
		start((out) -> {
			out.write("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nX-Other: a\r\nContent-Length: 2\r\n\r\nno"
				.getBytes(StandardCharsets.US_ASCII));
			return true;
		});
		Exchange exchange = post();
		assertThat(status(exchange)).isEqualTo(503);
		assertThat(exchange.getMessage().getHeader("Retry-After")).isEqualTo("7");
		assertThat(exchange.getMessage().getHeaders()).doesNotContainKey("X-Other");
		assertThat(exchange.getMessage().getBody()).isNull();
	}

	@Test
	void asksForNoCompression() throws Exception {
		start(WebhookRepliesTest::ok);
		post();
		assertThat(this.server.requests().get(0)).containsIgnoringCase("Accept-Encoding: identity\r\n")
			.doesNotContainIgnoringCase("gzip");
	}

	@Test
	void closesItsConnectionWithTheEndpoint() throws Exception {
		start(WebhookRepliesTest::ok);
		assertThat(status(post())).isEqualTo(200);
		assertThat(this.server.hangUps()).isZero();
		this.context.stop();
		await().atMost(Duration.ofSeconds(10)).until(() -> this.server.hangUps() == 1);
	}

	private void start(RawServer.Answer answer) {
		this.server = new RawServer(answer);
		this.context.getRegistry().bind("webhookClient", new HttpClientConfiguration().webhookClient());
		this.context.start();
	}

	private Exchange post() {
		return this.context.createProducerTemplate()
			.request(
					"http://127.0.0.1:" + this.server.port() + "/hook?httpMethod=POST&throwExceptionOnFailure=false"
							+ "&httpClientConfigurer=#webhookClient",
					(exchange) -> exchange.getMessage().setBody(null));
	}

	private static int status(Exchange exchange) {
		assertThat(exchange.getException()).isNull();
		return exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
	}

	private static boolean ok(OutputStream out) throws IOException {
		out.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		return true;
	}

}
