package io.vedette.egress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PictureUrlTest {

	@ParameterizedTest
	@CsvSource(quoteCharacter = '\u0001', value = {
			"https://a.example/b.png?X-Sig=a%2Fb%3D&c=d+e, https://a.example/b.png?X-Sig=a%2Fb%3D&c=d+e",
			"HTTPS://A.Example/B.png, https://a.example/B.png", "http://a.example, http://a.example/",
			"http://a.example?b=c, http://a.example/?b=c", "http://a.example:8080/b, http://a.example:8080/b",
			"http://a.example:/b, http://a.example/b", "http://a.example/b#c, http://a.example/b",
			"http://[::1]:80/b, http://[::1]:80/b", "http://m\u00fcnchen.example/b, http://xn--mnchen-3ya.example/b",
			"http://\uff11\uff12\uff17.0.0.1/, http://127.0.0.1/",
			"http://a.example/{{b}}, http://a.example/%7B%7Bb%7D%7D",
			"http://a.example/b c\"<>\\^`|[], http://a.example/b%20c%22%3C%3E%5C%5E%60%7C%5B%5D",
			"http://a.example/100%, http://a.example/100%25", "http://a.example/%zz%4, http://a.example/%25zz%254",
			"http://a.example/\u00e4\ud83d\ude42, http://a.example/%C3%A4%F0%9F%99%82",
			"http://a.example/?b={c}&d=RAW({e}), http://a.example/?b=%7Bc%7D&d=RAW(%7Be%7D)",
			"http://a.example/%7b%7B, http://a.example/%7b%7B", "http://a.example./b, http://a.example./b",
			"http://a.example/~u/a-_.~!$&'()*+;=:@/%7E%7e?s=~-_&t=%2f%2F, http://a.example/~u/a-_.~!$&'()*+;=:@/%7E%7e?s=~-_&t=%2f%2F",
			"//a.example/b, https://a.example/b", "//a.example:8443, https://a.example:8443/" })
	void writesTheUrlLegally(String url, String legal) throws EgressRefusedException {
		assertThat(PictureUrl.normalise(url)).isEqualTo(legal);
		assertThat(PictureUrl.normalise(legal)).isEqualTo(legal);
	}

	@ParameterizedTest
	@ValueSource(strings = { " http://a.example/b", "http://a.example/b\n", "\t\r\n http://a.example/b \r\n",
			"\u00a0http://a.example/b\u3000", "\ufeffhttp://a.example/b" })
	void takesBlanksAroundForNoPartOfTheUrl(String url) throws EgressRefusedException {
		assertThat(PictureUrl.normalise(url)).isEqualTo("http://a.example/b");
		assertThat(PictureUrl.normalise(url.replace("http:", ""))).isEqualTo("https://a.example/b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "secret", "/secret", "//me:secret@a.example/", "///secret",
			"ftp://a.example/secret", "file:///etc/secret", "jar:http://a.example/secret", "http:/secret",
			"http:///secret", "http:secret", "http://me:secret@a.example/secret", "http://@a.example/secret",
			"http://a.example\\@b.example/secret", "http://a.example:0/secret", "http://a.example:65536/secret",
			"http://a.example:80:80/secret", "http://a_b.example/secret", "http://a b/secret", "http://{{a}}/secret",
			"http://%61.example/secret", "http://[::1/secret", "http://[::1%25eth0]/secret", "http://a..b/secret",
			"http://-/secret", "http://a.example/sec\nret", "http://a.example/secret\r\nX: y",
			"http://a.example/\u0000secret", "http://a.example/\u0085secret" })
	void refusesWhatItCannotWriteLegallyWithoutRepeatingIt(String url) {
		assertThatExceptionOfType(EgressRefusedException.class).isThrownBy(() -> PictureUrl.normalise(url))
			.withMessageMatching("picture (URL|host \"[^\"]*\"): .*; expected .*|picture URL: .*expected .*")
			.withMessageNotContaining("secret");
	}

	@Test
	void refusesNoUrl() {
		assertThatExceptionOfType(EgressRefusedException.class).isThrownBy(() -> PictureUrl.normalise(null));
	}

	@Test
	void refusesLongUrlsBeforeAndAfterEscaping() throws EgressRefusedException {
		String start = "http://a.example/";
		String longest = start + "b".repeat(8192 - start.length());
		assertThat(PictureUrl.normalise(longest)).isEqualTo(longest);
		for (String url : new String[] { longest + "b", start + "{".repeat(4000) }) {
			assertThatExceptionOfType(EgressRefusedException.class).isThrownBy(() -> PictureUrl.normalise(url))
				.withMessageContaining("at most 8192");
		}
	}

}
