package io.vedette.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ExactUrlTest {

	private final DefaultCamelContext context = new DefaultCamelContext();

	private final RawServer server = new RawServer((out) -> {
		out.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		return true;
	});

	@BeforeEach
	void start() {
		this.context.getRegistry().bind("limits", new ReplyLimits(DataSize.ofMegabytes(1), Duration.ofSeconds(20)));
		this.context.getPropertiesComponent().addInitialProperty("secret.key", "leaked");
		this.context.start();
	}

	@AfterEach
	void stop() throws IOException {
		this.context.stop();
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/img/~u/a.png?Expires=1&Signature=ab~cd-ef__&Key-Pair-Id=K", "/%7E/%7e/~?a=%7E~%7e",
			"/a//b/../c;d=e/./f", "/?a=%2F%2f+%20", "/!$&'()*+,;=:@?!$&'()*+,;=:@/?", "/a?", "/%25%257E",
			"/a&amp;b?c=&amp;d", "/?a=RAW(b)&httpMethod=POST&c=" })
	void sendsAUrlByteForByte(String target) {
		assertThat(requested(target)).isEqualTo(target);
	}

	@ParameterizedTest
	@CsvSource({ "/frag#x,/frag", "/frag#x?y,/frag", "/frag?a=b#~,/frag?a=b", "#x,/", "'',/", "?a=b,/?a=b",
			"/{{secret.key}},/%7B%7Bsecret.key%7D%7D", "/a b\u00e4,/a%20b%C3%A4", "/100%,/100%25" })
	void sendsNoFragmentAndNothingIllegal(String target, String sent) {
		assertThat(requested(target)).isEqualTo(sent);
	}

	@Test
	void refusesWhatHasNoHost() {
		assertThatIllegalArgumentException().isThrownBy(() -> ExactUrl.set(new DefaultMessage(this.context), "/path"));
	}

	private String requested(String target) {
		String url = "http://127.0.0.1:" + this.server.port() + target;
		this.context.createProducerTemplate()
			.send("http://exact?httpMethod=GET&httpClientConfigurer=#limits",
					(exchange) -> ExactUrl.set(exchange.getMessage(), url));
		String head = this.server.requests().get(0);
		assertThat(head).doesNotContain("vedette");
		return head.substring("GET ".length(), head.indexOf(" HTTP/1.1\r\n"));
	}

}
