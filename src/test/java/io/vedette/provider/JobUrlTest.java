package io.vedette.provider;

import java.net.URI;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A job's id that is a URL leads to no other server, and nowhere above the url. */
class JobUrlTest {

	private static final URI URL = URI.create("https://mine.example.com/vision/v1");

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "null", textBlock = """
			https://mine.example.com/vision/v1/operations/7              | operations/7    | null
			https://MINE.example.com:443/vision/v1/operations/7?v=1&x=%2F | operations/7   | v=1&x=%2F
			HTTPS://mine.example.com/vision/v1/a%20b                     | a%20b           | null
			operations/7?v=1                                             | operations/7    | v=1
			7                                                            | 7               | null
			""")
	void takesWhatIsBelowTheUrl(String id, String path, String query) {
		assertThat(JobUrl.below(URL, id)).isEqualTo(new JobUrl(path, query));
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://evil.example/vision/v1/7", "https://mine.example.com.evil.example/vision/v1/7",
			"https://mine.example.com@evil.example/vision/v1/7", "https://evil.example#@mine.example.com/vision/v1/7",
			"https://user:x@mine.example.com/vision/v1/7", "http://mine.example.com/vision/v1/7",
			"https://mine.example.com:8443/vision/v1/7", "https://mine.example.com/other/7",
			"https://mine.example.com/vision/v10/7", "https://mine.example.com/vision/v1",
			"https://mine.example.com/vision/v1/../../admin", "https://mine.example.com/vision/v1/%2e%2E/admin",
			"https://mine.example.com/vision/v1/..%2fadmin", "https://mine.example.com/vision/v1/a/%2e%2e",
			"https://mine.example.com/vision/v1//evil.example/7", "https://mine.example.com/vision/v1/7#x",
			"//evil.example/7", "../admin", "a/../../b", "file:///etc/passwd", "https:evil.example", "{{vedette.data}}",
			"https://mine.example.com/vision/v1/{{vedette.data}}", "https://mine.example.com\\@evil.example/7", "a b" })
	void takesNothingElse(String id) {
		assertThat(JobUrl.below(URL, id)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://127.0.0.1:8099", "http://my_service:8099" })
	void takesAUrlThatIsNothingButAHost(String url) {
		assertThat(JobUrl.below(URI.create(url), url + "/a/b?c=d")).isEqualTo(new JobUrl("a/b", "c=d"));
		assertThat(JobUrl.below(URI.create(url), "http://127.0.0.2:8099/a/b")).isNull();
	}

}
