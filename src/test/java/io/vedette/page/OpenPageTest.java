package io.vedette.page;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.vedette.RunningVedette;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The page where there is no token, without a browser. */
class OpenPageTest extends RunningVedette {

	private static final Pattern TOKEN = Pattern.compile("name=\"form-token\" value=\"([^\"]+)\"");

	@Test
	void opensForWhoIsOnThisMachine() throws Exception {
		HttpResponse<String> page = call(request("/"));
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().firstValue("content-type").orElse("")).startsWith("text/html");
		assertThat(page.headers().firstValue("content-security-policy").orElse("")).contains("default-src 'self'",
				"frame-ancestors 'none'");
		assertThat(page.headers().firstValue("referrer-policy")).contains("same-origin");
		assertThat(page.headers().map()).doesNotContainKey("set-cookie");
		assertThat(call(request("/").header("x-forwarded-for", "192.0.2.1")).statusCode()).isEqualTo(403);
	}

	@Test
	void actsByItsOwnFormsAlone() throws Exception {
		Matcher token = TOKEN.matcher(call(request("/")).body());
		assertThat(token.find()).isTrue();
		String form = "form-token=" + token.group(1);
		assertThat(act("form-token=x", "sec-fetch-site", "same-origin").statusCode()).isEqualTo(403);
		assertThat(act("", "sec-fetch-site", "same-origin").statusCode()).isEqualTo(403);
		assertThat(act(form, "sec-fetch-site", "cross-site").statusCode()).isEqualTo(403);
		assertThat(act(form, "origin", "http://evil.example").statusCode()).isEqualTo(403);
		assertThat(act(form, "origin", "null").statusCode()).isEqualTo(403);
		assertThat(act(form, "sec-fetch-site", "same-origin").statusCode()).isEqualTo(303);
	}

	private static HttpRequest.Builder form(HttpRequest.Builder request, String form) {
		return request.header("content-type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(form));
	}

	private HttpResponse<String> act(String form, String header, String value) throws Exception {
		return call(form(request("/page/targets/files/resume"), form).header(header, value));
	}

	@Test
	void theApiTakesNoForm() throws Exception {
		assertThat(call(form(request("/jobs"), "provider=crun")).statusCode()).isEqualTo(415);
		assertThat(call(form(request("/page/../jobs"), "provider=crun")).statusCode()).isEqualTo(415);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/page/jobs?status=odd", "/page/jobs?since=never", "/page/jobs?after=x",
			"/page/dead-letters?since=never", "/page/audit?after=x", "/page/dead-letters?count=yes&type=odd" })
	void wordsProblemsAsTheApiDoes(String path) throws Exception {
		HttpResponse<String> page = call(request(path));
		assertThat(page.statusCode()).isEqualTo(400);
		assertThat(page.body()).contains("role=\"alert\"")
			.containsPattern("(status|since|after|type).*(expected|no number)");
	}

	private static HttpResponse<String> call(HttpRequest.Builder request) throws IOException, InterruptedException {
		return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

}
