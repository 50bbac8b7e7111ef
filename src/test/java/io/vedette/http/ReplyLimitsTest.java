package io.vedette.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.core5.pool.ConnPoolControl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ReplyLimitsTest {

	private static final int MEGABYTE = 1024 * 1024;

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final Duration SHORT = Duration.ofMillis(500);

	private final DefaultCamelContext context = new DefaultCamelContext();

	private final CountDownLatch never = new CountDownLatch(1);

	private RawServer server;

	@AfterEach
	void stop() throws IOException {
		this.context.stop();
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "CACHED", "STREAMED" })
	void passesAGoodReplyAndKeepsItsConnection(Mode mode) throws Exception {
		ask(mode, LONG, (out) -> whole(out, "", "hello".getBytes(StandardCharsets.UTF_8)));
		assertThat(body()).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
		assertThat(body()).hasSize(5);
		assertThat(this.server.requests()).hasSize(2);
		assertThat(this.server.connections()).isEqualTo(1);
		assertNoConnectionIsLeft();
	}

	@ParameterizedTest
	@EnumSource(names = { "CACHED", "STREAMED" })
	void passesACompressedReplyAndKeepsItsConnection(Mode mode) throws Exception {
		byte[] text = "hello ".repeat(10_000).getBytes(StandardCharsets.UTF_8);
		ask(mode, LONG, (out) -> whole(out, "Content-Encoding: gzip\r\n", gzip(text, 1)));
		assertThat(body()).isEqualTo(text);
		assertThat(body()).isEqualTo(text);
		assertThat(this.server.connections()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource(names = { "CACHED", "STREAMED" })
	void passesAReplyWithNothingInIt(Mode mode) throws Exception {
		ask(mode, LONG, (out) -> whole(out, "Content-Encoding: gzip\r\n", new byte[0]));
		assertThat(exchange().getException()).isNull();
		assertThat(exchange().getException()).isNull();
		assertThat(this.server.connections()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource(names = { "CACHED", "STREAMED" })
	void passesAReplyOfExactlyTheLimit(Mode mode) throws Exception {
		ask(mode, LONG, (out) -> whole(out, "", new byte[MEGABYTE]));
		assertThat(body()).hasSize(MEGABYTE);
		assertThat(body()).hasSize(MEGABYTE);
		assertThat(this.server.connections()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource(names = { "CACHED", "STREAMED" })
	void refusesAReplyThatDeclaresTooMuch(Mode mode) throws Exception {
		ask(mode, LONG, (out) -> {
			head(out, "Content-Length: 300000000\r\n");
			return endless(out);
		});
		assertRefused("reply: longer than 1MB from \"127.0.0.1\"");
	}

	@ParameterizedTest
	@EnumSource(names = { "CACHED", "STREAMED" })
	void refusesAReplyOfOneByteTooMuch(Mode mode) throws Exception {
		ask(mode, LONG, (out) -> {
			head(out, "Transfer-Encoding: chunked\r\n");
			chunk(out, new byte[MEGABYTE + 1]);
			out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			return true;
		});
		assertRefused("longer than 1MB");
	}

	@ParameterizedTest
	@EnumSource(names = { "CACHED", "STREAMED" })
	void refusesAReplyWithoutEnd(Mode mode) throws Exception {
		ask(mode, LONG, (out) -> {
			head(out, "Transfer-Encoding: chunked\r\n");
			while (true) {
				chunk(out, new byte[8192]);
			}
		});
		assertRefused("longer than 1MB");
	}

	@ParameterizedTest
	@EnumSource(names = { "CACHED", "STREAMED" })
	void refusesAReplyThatDecompressesToTooMuch(Mode mode) throws Exception {
		byte[] bomb = gzip(new byte[8192], 10_000);
		assertThat(bomb).hasSizeLessThan(MEGABYTE);
		ask(mode, LONG, (out) -> whole(out, "Content-Encoding: gzip\r\n", bomb));
		assertRefused("longer than 1MB");
	}

	@ParameterizedTest
	@MethodSource("plainReplies")
	void takesPlainBytesAsTheyAreWhateverCodingIsAnnounced(Mode mode, String headers, byte[] plain) throws Exception {
		ask(mode, LONG, (out) -> whole(out, headers, plain));
		assertThat(body()).isEqualTo(plain);
		assertThat(body()).isEqualTo(plain);
		assertThat(this.server.connections()).isEqualTo(1);
	}

	static List<Arguments> plainReplies() {
		List<Arguments> replies = new ArrayList<>();
		byte[] json = "{\"code\": 1000, \"msg\": \"OK\"}".getBytes(StandardCharsets.UTF_8);
		byte[] png = { (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R' };
		for (String coding : List.of("", " ", "utf-8", "UTF-8", "binary", "base64", "aws-chunked", "identity", "none",
				"8bit", "gzipped", "null", "br", "gzip", "x-gzip", "deflate", "GZIP", "gzip, aws-chunked",
				"aws-chunked,gzip", "gzip\r\nContent-Encoding: gzip", ",", "gzip;q=1")) {
			for (byte[] plain : List.of(json, png, "{}".getBytes(), "ok".getBytes(), Arrays.copyOf(json, 5000))) {
				replies.add(Arguments.of(Mode.CACHED, "Content-Encoding: " + coding + "\r\n", plain));
			}
			replies.add(Arguments.of(Mode.STREAMED, "Content-Encoding: " + coding + "\r\n", json));
		}
		return replies;
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "gzip|gzip", "GZip|gzip", "x-gzip|gzip", "gzip, utf-8|gzip",
			"aws-chunked,gzip|gzip", "gzip, gzip|gzip", "deflate|zlib", "deflate|bare", "deflate|gzip", "gzip|zlib" })
	void decompressesWhatIsCompressed(String coding, String done) throws Exception {
		for (String text : List.of("{}", "{\"code\": 1000}", "{\"code\": 1000, \"data\": null} ".repeat(5000))) {
			byte[] plain = text.getBytes(StandardCharsets.UTF_8);
			byte[] bytes = done.equals("gzip") ? gzip(plain, 1) : deflate(plain, done.equals("bare"));
			assertThat(ContentCodings.decompress(new ByteArrayInputStream(bytes)).readAllBytes()).isEqualTo(plain);
		}
		byte[] plain = "{\"code\": 1000, \"data\": null} ".repeat(5000).getBytes(StandardCharsets.UTF_8);
		byte[] bytes = done.equals("gzip") ? gzip(plain, 1) : deflate(plain, done.equals("bare"));
		ask(Mode.CACHED, LONG, (out) -> whole(out, "Content-Encoding: " + coding + "\r\n", bytes));
		assertThat(body()).isEqualTo(plain);
		assertThat(body()).isEqualTo(plain);
		assertThat(this.server.connections()).isEqualTo(1);
	}

	@Test
	void refusesABombOfDeflateToo() throws Exception {
		byte[] bomb = deflate(new byte[80 * MEGABYTE], true);
		ask(Mode.CACHED, LONG, (out) -> whole(out, "Content-Encoding: deflate\r\n", bomb));
		assertRefused("longer than 1MB");
	}

	@Test
	void leavesNothingOnTheExchangeThatWouldSpoilLaterText() throws Exception {
		ask(Mode.CACHED, LONG, (out) -> whole(out, "Content-Type: application/json; charset=utf-16\r\n", new byte[5]));
		Exchange exchange = exchange();
		assertThat(exchange.getException()).isNull();
		assertThat(exchange.getProperty(ExchangePropertyKey.CHARSET_NAME)).isNull();
	}

	@ParameterizedTest
	@MethodSource("longHeads")
	void readsHeadsOfUpTo64Kilobytes(String headers) throws Exception {
		bound();
		ask(Mode.BOUNDED, LONG, (out) -> whole(out, headers, "hello".getBytes(StandardCharsets.UTF_8)));
		assertThat(body()).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
		assertThat(body()).hasSize(5);
		assertThat(this.server.connections()).isEqualTo(1);
	}

	static List<String> longHeads() {
		return List.of("X-Long: " + "x".repeat(17_000) + "\r\n", "X-Long: " + "x".repeat(65_000) + "\r\n",
				"Set-Cookie: a=b\r\n".repeat(250), "a:b\r\n".repeat(10_000), "no header\r\n", ": nameless\r\n",
				"X-Odd : a\r\n", "X: " + "\u00e4".repeat(100) + "\r\n", "X-Folded: a\r\n  b\r\n");
	}

	@Test
	void readsALengthThatIsSaidTwice() throws Exception {
		bound();
		ask(Mode.BOUNDED, LONG, (out) -> whole(out, "Content-Length: 5\r\n", "hello".getBytes(StandardCharsets.UTF_8)));
		assertThat(body()).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
	}

	@ParameterizedTest
	@MethodSource("tooLongHeads")
	void refusesHeadsOfMore(String headers) throws Exception {
		bound();
		ask(Mode.BOUNDED, LONG, (out) -> whole(out, headers, "hello".getBytes(StandardCharsets.UTF_8)));
		assertThat(failure()).isInstanceOf(ReplyRefusedException.class)
			.hasMessageContaining("status line and headers longer than 64KB");
		assertNoConnectionIsLeft();
	}

	static List<String> tooLongHeads() {
		return List.of("X-Long: " + "x".repeat(65_600) + "\r\n", "Set-Cookie: a=b\r\n".repeat(4000),
				("X-Long: " + "x".repeat(15_000) + "\r\n").repeat(5));
	}

	private void bound() {
		this.context.getRegistry()
			.bind("bounded", BoundedConnections.through(SystemDefaultDnsResolver.INSTANCE, 4, LONG));
	}

	@ParameterizedTest
	@EnumSource(names = { "CACHED", "STREAMED" })
	void refusesAReplyThatIsCompressedTwice(Mode mode) throws Exception {
		byte[] twice = gzip(gzip(new byte[10], 1), 1);
		ask(mode, LONG, (out) -> whole(out, "Content-Encoding: gzip, gzip\r\n", twice));
		assertThat(failure()).isInstanceOf(ReplyRefusedException.class)
			.hasMessageContaining("compressed more than once");
		assertNoConnectionIsLeft();
	}

	@ParameterizedTest
	@EnumSource(names = { "CACHED", "STREAMED" })
	void givesUpOnADrippingReply(Mode mode) throws Exception {
		ask(mode, SHORT, (out) -> {
			head(out, "Content-Length: 1000\r\n");
			return drip(out);
		});
		assertTimeout();
	}

	@ParameterizedTest
	@EnumSource(names = { "CACHED", "STREAMED" })
	void givesUpOnADrippingHeader(Mode mode) throws Exception {
		ask(mode, SHORT, (out) -> {
			out.write("HTTP/1.1 200 OK\r\nX-Drip: ".getBytes(StandardCharsets.US_ASCII));
			return drip(out);
		});
		assertTimeout();
	}

	@ParameterizedTest
	@EnumSource(names = { "CACHED", "STREAMED" })
	void givesUpOnAReplyThatStops(Mode mode) throws Exception {
		ask(mode, SHORT, (out) -> {
			head(out, "Content-Length: 1000\r\n");
			this.never.await();
			return true;
		});
		assertTimeout();
	}

	@ParameterizedTest
	@EnumSource(names = { "CACHED", "STREAMED" })
	void failsOnATruncatedReply(Mode mode) throws Exception {
		ask(mode, LONG, (out) -> {
			head(out, "Content-Length: 1000\r\n");
			out.write(new byte[10]);
			return false;
		});
		assertThat(failure()).isInstanceOf(IOException.class).hasStackTraceContaining("expected: 1000; received: 10");
		assertNoConnectionIsLeft();
	}

	@ParameterizedTest
	@EnumSource(names = { "CACHED", "STREAMED" })
	void limitsTheBodyOfAnErrorToo(Mode mode) throws Exception {
		ask(mode, LONG, (out) -> {
			out.write("HTTP/1.1 500 Oops\r\nContent-Length: 300000000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			return endless(out);
		});
		assertRefused("longer than 1MB");
	}

	@Test
	void keepsTheConnectionOfAShortReplyThatNobodyReads() throws Exception {
		ask(Mode.IGNORED, LONG, (out) -> whole(out, "", new byte[20_000]));
		assertThat(exchange().getException()).isNull();
		assertThat(exchange().getException()).isNull();
		assertThat(this.server.connections()).isEqualTo(1);
	}

	@Test
	void hangsUpOnALongReplyThatNobodyReads() throws Exception {
		ask(Mode.IGNORED, LONG, (out) -> whole(out, "", new byte[MEGABYTE]));
		assertThat(exchange().getException()).isNull();
		assertThat(exchange().getException()).isNull();
		assertThat(this.server.connections()).isEqualTo(2);
		assertNoConnectionIsLeft();
	}

	@Test
	void doesNothingBehindTheRoutesBack() throws Exception {
		ask(Mode.CACHED, LONG, (out) -> {
			out.write(("HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nLocation: /elsewhere\r\nSet-Cookie: a=b\r\n"
					+ "Content-Length: 0\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
			return true;
		});
		exchange();
		exchange();
		assertThat(this.server.requests()).hasSize(2).allSatisfy((head) -> assertThat(head).doesNotContain("Cookie"));
	}

	@Test
	void refusesAHeaderWithoutEndThroughBoundedConnections() throws Exception {
		bound();
		ask(Mode.BOUNDED, LONG, (out) -> {
			out.write("HTTP/1.1 200 OK\r\nX-Long: ".getBytes(StandardCharsets.US_ASCII));
			return endless(out);
		});
		assertThat(failure()).hasMessageContaining("headers longer than 64KB");
		await().atMost(LONG).until(() -> this.server.hangUps() == 1);
	}

	@Test
	void refusesLimitsThatAreNone() {
		this.server = new RawServer((out) -> true);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ReplyLimits(DataSize.ofBytes(0), Duration.ofSeconds(1)))
			.withMessageContaining("not positive");
	}

	private void ask(Mode mode, Duration maxDuration, RawServer.Answer answer) throws Exception {
		this.server = new RawServer(answer);
		this.context.getRegistry().bind("limits", new ReplyLimits(DataSize.ofMegabytes(1), maxDuration));
		this.context.addRoutes(new RouteBuilder() {
			@Override
			public void configure() {
				from("direct:ask").to("http://127.0.0.1:" + ReplyLimitsTest.this.server.port()
						+ "/?httpMethod=GET&httpClientConfigurer=#limits&throwExceptionOnFailure=false" + mode.options)
					.process((exchange) -> exchange.getMessage().setBody(exchange.getMessage().getBody(byte[].class)));
			}
		});
		this.context.start();
	}

	private Exchange exchange() {
		return this.context.createProducerTemplate().request("direct:ask", (exchange) -> {
		});
	}

	private byte[] body() {
		Exchange exchange = exchange();
		assertThat(exchange.getException()).isNull();
		return exchange.getMessage().getBody(byte[].class);
	}

	private Throwable failure() {
		Throwable failure = exchange().getException();
		while (failure != null && !(failure instanceof IOException)) {
			failure = failure.getCause();
		}
		return failure;
	}

	private void assertRefused(String message) {
		assertThat(failure()).isInstanceOf(ReplyRefusedException.class).hasMessageContaining(message);
		await().atMost(LONG).until(() -> this.server.hangUps() == 1);
		assertThat(this.server.written()).isLessThan(30 * MEGABYTE);
		assertNoConnectionIsLeft();
	}

	private void assertTimeout() {
		long start = System.nanoTime();
		assertThat(failure()).isInstanceOf(SocketTimeoutException.class)
			.hasMessageStartingWith("reply: not complete from \"127.0.0.1\" after 500 ms");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT, Duration.ofSeconds(10));
		assertNoConnectionIsLeft();
	}

	private void assertNoConnectionIsLeft() {
		await().atMost(LONG).untilAsserted(() -> assertThat(leased()).isZero());
	}

	private int leased() {
		HttpEndpoint endpoint = (HttpEndpoint) this.context.getEndpoints()
			.stream()
			.filter(HttpEndpoint.class::isInstance)
			.findFirst()
			.orElseThrow();
		return ((ConnPoolControl<?>) endpoint.getClientConnectionManager()).getTotalStats().getLeased();
	}

	private static boolean whole(OutputStream out, String headers, byte[] body) throws IOException {
		head(out, headers + "Content-Length: " + body.length + "\r\n");
		out.write(body);
		return true;
	}

	private static void head(OutputStream out, String headers) throws IOException {
		out.write(("HTTP/1.1 200 OK\r\n" + headers + "\r\n").getBytes(StandardCharsets.US_ASCII));
	}

	private static void chunk(OutputStream out, byte[] bytes) throws IOException {
		out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
		out.write(bytes);
		out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
	}

	private static boolean endless(OutputStream out) throws IOException {
		byte[] some = new byte[8192];
		Arrays.fill(some, (byte) 'x');
		while (true) {
			out.write(some);
		}
	}

	private boolean drip(OutputStream out) throws IOException, InterruptedException {
		while (!this.never.await(50, TimeUnit.MILLISECONDS)) {
			out.write('x');
			out.flush();
		}
		return false;
	}

	private static byte[] gzip(byte[] bytes, int times) throws IOException {
		ByteArrayOutputStream small = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(small)) {
			for (int i = 0; i < times; i++) {
				gzip.write(bytes);
			}
		}
		return small.toByteArray();
	}

	private static byte[] deflate(byte[] bytes, boolean bare) throws IOException {
		ByteArrayOutputStream small = new ByteArrayOutputStream();
		try (DeflaterOutputStream deflate = new DeflaterOutputStream(small,
				new Deflater(Deflater.DEFAULT_COMPRESSION, bare))) {
			deflate.write(bytes);
		}
		return small.toByteArray();
	}

	enum Mode {

		CACHED(""), STREAMED("&disableStreamCache=true"), IGNORED("&ignoreResponseBody=true"),
		BOUNDED("&clientConnectionManager=#bounded");

		private final String options;

		Mode(String options) {
			this.options = options;
		}

	}

}
