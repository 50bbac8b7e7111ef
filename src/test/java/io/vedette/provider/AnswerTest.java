package io.vedette.provider;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AnswerTest {

	private static final JsonMapper json = JsonMapper.builder().enable(JsonReadFeature.ALLOW_SINGLE_QUOTES).build();

	@Test
	void readsAllOfTheAnswer() {
		Answer answer = read(
				"""
						{'progress': 42, 'details': {'detectId': 'm1'}, 'reason': {'code': 7, 'message': '未检测到人脸'},
						 'faces': [{'id': 0, 'imageUrl': 'https://a.example/0.png', 'mediaType': 'images', 'details': {'path': 'p'}}]}""");
		assertThat(answer.progress()).isEqualTo(42);
		assertThat(answer.details().path("detectId").asText()).isEqualTo("m1");
		assertThat(answer.reason()).isEqualTo(new Reason("7", "未检测到人脸"));
		assertThat(answer.faces()).singleElement().satisfies((face) -> {
			assertThat(face.faceId()).isEqualTo("0");
			assertThat(face.index()).isZero();
			assertThat(face.imageUrl()).isEqualTo("https://a.example/0.png");
			assertThat(face.mediaType()).isEqualTo("images");
			assertThat(face.details().path("path").asText()).isEqualTo("p");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "null", "[]", "7", "'text'", "{'progress': null, 'faces': null, 'details': null}",
			"{'progress': {}, 'faces': 7, 'details': [], 'reason': 'text'}" })
	void readsOtherShapesAsAnAnswerWithoutContent(String body) {
		assertThat(read(body)).isEqualTo(Answer.of(AnswerClass.PENDING, null, Duration.ZERO));
	}

	@Test
	void readsABodyThatIsNoJsonAsAnAnswerWithoutContent() {
		assertThat(Answer.read(AnswerClass.PENDING, "{}", Duration.ZERO, 10))
			.isEqualTo(Answer.of(AnswerClass.PENDING, null, Duration.ZERO));
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', value = { "0, 0", "99.6, 100", "-5, 0", "1e300, 100", "'30%', 30", "' 7.5 % ', 8",
			"'100', 100", "'', ", "'half', ", "'1e3', ", "true, " })
	void readsProgressBetween0And100(String progress, Integer expected) {
		assertThat(read("{'progress': " + progress + "}").progress()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			0, 1, 2                 | 0, 1, 2
			'a', 'b'                | a, b
			null, null, ''          | 0, 1, 2
			7, 7, 7                 | 7, 7~1, 7~2
			null, 0                 | 0, 0~1
			'0~1', 0, 0             | 0~1, 0, 0~2
			1, '1', 1.0             | 1, 1~1, 1.0
			'7~2', '7', '7'         | 7~2, 7, 7~2~2
			""")
	void givesEveryFaceAnIdOfItsOwn(String ids, String expected) {
		String faces = List.of(ids.split(", *")).stream().map("{'id': %s}"::formatted).toList().toString();
		assertThat(read("{'faces': " + faces + "}").faces()).extracting(Face::faceId)
			.containsExactly(expected.split(", *"));
	}

	@Test
	void takesNoAbsurdlyLongFaceId() {
		assertThat(read("{'faces': [{'id': '" + "x".repeat(201) + "'}]}").faces()).extracting(Face::faceId)
			.containsExactly("0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "''", "'  '", "7", "{}", "['https://a.example']" })
	void takesOnlyTextForAnImageUrl(String url) {
		assertThat(read("{'faces': [{'imageUrl': " + url + "}]}").faces()).extracting(Face::imageUrl)
			.containsExactly((String) null);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			a\\u0000b         | a\uFFFDb
			cut \\ud83d end    | cut \uFFFD end
			\\ude00\\ud83d     | \uFFFD\uFFFD
			whole \\ud83d\\ude00 | whole \uD83D\uDE00
			""")
	void replacesWhatNoDatabaseCanStoreWhereverItStands(String text, String stored) {
		Answer answer = read(
				"""
						{'reason': {'code': '%1$s', 'message': '%1$s'}, 'details': {'%1$s': [{'%1$s': '%1$s'}]},
						 'faces': [{'id': '%1$s', 'imageUrl': '%1$s', 'mediaType': '%1$s', 'details': {'a': {'%1$s': ['%1$s']}}}]}"""
					.formatted(text));
		assertThat(answer.reason()).isEqualTo(new Reason(stored, stored));
		assertThat(answer.details()).isEqualTo(json.createObjectNode()
			.set(stored, json.createArrayNode().add(json.createObjectNode().put(stored, stored))));
		assertThat(answer.faces()).containsExactly(new Face(stored, 0, stored, stored, json.createObjectNode()
			.set("a", json.createObjectNode().set(stored, json.createArrayNode().add(stored)))));
	}

	@Test
	void makesNoTwoIdsOneThatDifferInWhatCanNotBeStored() {
		Answer answer = read(
				"{'faces': [{'id': 'a\\ud83d'}, {'id': 'a\\ud83e'}, {'id': 'a\uFFFD', 'details': {'\\u0000': 1, '\\ud83d': 2}}]}");
		assertThat(answer.faces()).extracting(Face::faceId).containsExactly("a\uFFFD", "a\uFFFD~1", "a\uFFFD~2");
		assertThat(answer.faces().get(2).details())
			.isEqualTo(json.createObjectNode().put("\uFFFD", 1).put("\uFFFD~1", 2));
	}

	@Test
	void keepsAPictureThatIsItsOwnUrlWhole() {
		String url = "data:image/png;base64," + "iVBORw0KGgo".repeat(20_000);
		assertThat(read("{'faces': [{'imageUrl': '" + url + "'}]}").faces()).extracting(Face::imageUrl)
			.containsExactly(url);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{'faces': []}   | true
			{'faces': [{}]} | true
			{'faces': null} | false
			{'faces': 7}    | false
			{}              | false
			""")
	void tellsAnEmptyResultFromNone(String body, boolean hasResult) {
		assertThat(read(body).hasResult()).isEqualTo(hasResult);
	}

	@Test
	void failsAJobThatHasMoreFacesThanItMay() {
		assertThat(succeeded(10).faces()).hasSize(10);
		Answer tooMany = succeeded(11);
		assertThat(tooMany.type()).isEqualTo(AnswerClass.FAILED);
		assertThat(tooMany.faces()).isEmpty();
		assertThat(tooMany.reason().code()).isEqualTo("too-many-faces");
		assertThat(tooMany.reason().message()).startsWith("11 faces or more; expected at most 10.");
	}

	private static Answer succeeded(int faces) {
		JsonNode body = json.createObjectNode().set("faces", json.valueToTree(Collections.nCopies(faces, Map.of())));
		return Answer.read(AnswerClass.SUCCEEDED, body, Duration.ZERO, 10);
	}

	@Test
	void namesAClassThatDoesNotExist() {
		assertThatIllegalArgumentException().isThrownBy(() -> AnswerClass.of("done"))
			.withMessageContaining("\"done\"")
			.withMessageContaining("not-found");
		assertThat(AnswerClass.of("not-found")).isEqualTo(AnswerClass.NOT_FOUND);
	}

	private static Answer read(String body) {
		try {
			return Answer.read(AnswerClass.PENDING, json.readTree(body), Duration.ZERO, 10);
		}
		catch (JsonProcessingException ex) {
			throw new IllegalArgumentException(body, ex);
		}
	}

}
