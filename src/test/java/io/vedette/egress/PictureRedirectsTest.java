package io.vedette.egress;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.vedette.http.ExactUrl;
import io.vedette.http.RawServer;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.hc.client5.http.impl.InMemoryDnsResolver;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PictureRedirectsTest {

	private final PictureRedirects redirects = new PictureRedirects(new EgressGuard(List.of()));

	private final HttpClientContext context = HttpClientContext.create();

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"', value = { "http://b.example/c.png, http://b.example/c.png",
			"/c~d.png?e=%7E~, https://a.example/c~d.png?e=%7E~", "c.png, https://a.example/x/c.png",
			"./c.png, https://a.example/x/c.png", "../c.png, https://a.example/c.png",
			"?e=f, https://a.example/x/y.png?e=f", "//b.example/c.png, https://b.example/c.png",
			"HTTPS://B.example, https://b.example/", "/c d.png, https://a.example/c%20d.png",
			"c.png#d, https://a.example/x/c.png", "/c?u=http://b.example/, https://a.example/c?u=http://b.example/" })
	void resolvesALocation(String location, String url) throws Exception {
		String from = location.startsWith("http:") ? "http://a.example/x/y.png" : "https://a.example/x/y.png?z";
		assertThat(locate(from, location)).isEqualTo(URI.create(url));
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://a.example/c.png", "ftp://b.example/c", "file:///etc/passwd",
			"https://me:secret@b.example/c", "data:image/png;base64,AAAA", "javascript:secret", "https://", "//",
			"http:c.png", "https://b.example:0/secret" })
	void refusesALocationThatNoPictureMayHave(String location) {
		assertThatExceptionOfType(HttpException.class).isThrownBy(() -> locate("https://a.example/x", location))
			.withCauseInstanceOf(EgressRefusedException.class)
			.satisfies((ex) -> assertThat(ex.getCause()).hasMessageNotContaining("secret"));
	}

	@Test
	void followsThreeAndNoMore() throws Exception {
		for (int i = 0; i < 3; i++) {
			this.context.getRedirectLocations().add(locate("https://a.example/", "/" + i));
		}
		assertThatExceptionOfType(HttpException.class).isThrownBy(() -> locate("https://a.example/", "/3"))
			.havingCause()
			.withMessageContaining("more than 3 redirects");
	}

	@ParameterizedTest
	@CsvSource({ "301,true", "302,true", "303,true", "307,true", "308,true", "300,false", "304,false", "200,false",
			"201,false", "404,false" })
	void followsRedirectsOnly(int status, boolean followed) {
		HttpResponse response = new BasicHttpResponse(status);
		assertThat(this.redirects.isRedirected(null, response, this.context)).isFalse();
		response.addHeader("Location", "/");
		assertThat(this.redirects.isRedirected(null, response, this.context)).isEqualTo(followed);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/3~?a=%7E", "http://127.0.0.1:%d/3~?a=%7E", "//127.0.0.1:%d/3~?a=%7E#x" })
	void followsToTheVeryUrl(String location) throws Exception {
		try (RawServer elsewhere = new RawServer((out) -> answer(out, "200 OK\r\nContent-Length: 4\r\n\r\nface"));
				RawServer server = new RawServer((out) -> answer(out, "302 Found\r\nLocation: "
						+ location.replace("%d", Integer.toString(elsewhere.port())) + "\r\n\r\nendless"))) {
			Exchange exchange = fetch("http://127.0.0.1:" + server.port() + "/~");
			if (location.contains("%d")) {
				assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("face");
				assertThat(elsewhere.requests()).singleElement()
					.asString()
					.startsWith("GET /3~?a=%7E HTTP/1.1\r\n")
					.doesNotContain("vedette");
			}
			else {
				assertThat(exchange.getException()).rootCause()
					.isInstanceOf(EgressRefusedException.class)
					.hasMessage("picture URL: redirected in a circle; expected an end.");
				assertThat(server.requests()).hasSize(2);
			}
		}
	}

	@Test
	void looksAtTheAddressBehindEachRedirect() throws Exception {
		try (RawServer elsewhere = new RawServer((out) -> answer(out, "200 OK\r\n\r\n"));
				RawServer server = new RawServer((out) -> answer(out,
						"307 Found\r\nLocation: http://localhost:" + elsewhere.port() + "/\r\n\r\n"))) {
			assertThat(fetch("http://public.example:" + server.port() + "/").getException())
				.isInstanceOf(EgressRefusedException.class);
			assertThat(server.requests()).hasSize(1);
			assertThat(elsewhere.connections()).isZero();
		}
	}

	/** By its name {@code public.example} 127.0.0.1 is public; by any other it is not. */
	private static Exchange fetch(String url) throws Exception {
		InMemoryDnsResolver dns = new InMemoryDnsResolver();
		dns.add("public.example", InetAddress.getByName("127.0.0.1"));
		dns.add("localhost", InetAddress.getByName("127.0.0.1"));
		dns.add("127.0.0.1", InetAddress.getByName("127.0.0.1"));
		EgressGuard guard = new EgressGuard(List.of(url.contains("public") ? "public.example" : "127.0.0.1"), dns,
				(address) -> false);
		try (DefaultCamelContext camel = new DefaultCamelContext()) {
			camel.getRegistry().bind("pictureClient", new EgressConfiguration().pictureClient(guard));
			camel.start();
			return camel.createProducerTemplate()
				.request("http://picture?httpMethod=GET&httpClientConfigurer=#pictureClient",
						(exchange) -> ExactUrl.set(exchange.getMessage(), guard.check(url)));
		}
	}

	private static boolean answer(OutputStream out, String answer) throws IOException {
		out.write(("HTTP/1.1 " + answer).getBytes(StandardCharsets.US_ASCII));
		return false;
	}

	private URI locate(String from, String location) throws HttpException {
		HttpResponse response = new BasicHttpResponse(302);
		response.addHeader("Location", location);
		return this.redirects.getLocationURI(new BasicHttpRequest("GET", URI.create(from)), response, this.context);
	}

}
