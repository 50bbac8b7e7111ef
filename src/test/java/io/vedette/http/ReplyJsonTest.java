package io.vedette.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ReplyJsonTest {

	private final JsonMapper json = ReplyJson.mapper(new JsonFactory());

	@ParameterizedTest
	@ValueSource(strings = { "{\"code\":7}", "\ufeff{\"code\":7}", "\r\n\t {\"code\":7}\n", "{\"code\":7,}",
			"{'code':7}", "{code:7}", "{\"code\":007}", "{\"code\":+7}", "/* ok */{\"code\":7}", "{\"code\":7}//",
			"# ok\n{\"code\":7}", "{\"code\":7,\"a\":NaN,\"b\":-Infinity,\"c\":.5,\"d\":5.}",
			"{\"code\":7,\"a\":\"line\nend\u0000\"}", "{\"code\":7,\"a\":\"\\'\"}", "{\"code\":7,\"a\":[1,2,]}" })
	void readsJsonAsServersWriteIt(String text) throws IOException {
		assertThat(this.json.readTree(text.getBytes(StandardCharsets.UTF_8)).path("code").asInt()).isEqualTo(7);
	}

	@ParameterizedTest
	@ValueSource(strings = { "[1,,2]", "{\"a\":}", "{\"a\":1", "<html>", "OK", "{\"a\" 1}", "{,}" })
	void refusesWhatMayMeanAnything(String text) {
		assertThatExceptionOfType(JsonProcessingException.class)
			.isThrownBy(() -> this.json.readTree(text.getBytes(StandardCharsets.UTF_8)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"a\":[null,1.50,\"007\",\"\"]}", "[]", "\"a\"", "null", "12345678901234567890123" })
	void changesNothingInGoodJson(String text) throws IOException {
		JsonNode strict = JsonMapper.builder().build().readTree(text);
		assertThat(this.json.readTree(text)).isEqualTo(strict);
	}

}
