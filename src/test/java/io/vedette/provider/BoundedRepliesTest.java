package io.vedette.provider;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class BoundedRepliesTest {

	private static final JsonMapper plain = JsonMapper.builder().build();

	private final JsonMapper bounded = JsonMapper.builder(new BoundedReplies(3)).build();

	@ParameterizedTest
	@ValueSource(strings = { "{}", "[]", "null", "7", "\"text\"", "true", "{\"a\":[],\"b\":{},\"c\":null}",
			"{\"a\":[{},[],[[]]]}", "[[1,2,3],{\"a\":{\"b\":[1.5,\"x\",false]}},null]", "{\"a\":{\"\":[]}}" })
	void readsWhatIsSmallAsItIs(String json) throws IOException {
		JsonNode expected = plain.readTree(json);
		assertThat(this.bounded.readTree(json)).isEqualTo(expected);
		assertThat(this.bounded.readTree(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
		assertThat(this.bounded.readTree(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))))
			.isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			[1,2,3,4,5]                      | [1,2,3]
			{"a":[{"b":1},2,{},4],"c":5}     | {"a":[{"b":1},2,{}],"c":5}
			[[1,2,3,4],2,3,[4],{"a":[1]}]    | [[1,2,3],2,3]
			""")
	void leavesOutWhatStandsBehindTheLastElementThatCounts(String json, String expected) throws IOException {
		assertThat(this.bounded.readTree(json)).isEqualTo(plain.readTree(expected));
	}

	@Test
	void refusesWhatIsNoJsonBehindTheLastElementThatCounts() {
		assertThatIOException().isThrownBy(() -> this.bounded.readTree("[1,2,3,4,}"));
	}

}
