package io.vedette.egress;

import java.net.URI;
import java.util.List;

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

	private URI locate(String from, String location) throws HttpException {
		HttpResponse response = new BasicHttpResponse(302);
		response.addHeader("Location", location);
		return this.redirects.getLocationURI(new BasicHttpRequest("GET", URI.create(from)), response, this.context);
	}

}
