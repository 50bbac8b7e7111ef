package io.vedette.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class FacesTest extends RunningVedette {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{'id': 0}, {'id': 1}                          | 0 1
			{'id': 5}, {'id': 5}, {'id': 5}               | 5 5~1 5~2
			{}, {'id': null}, {'id': ' '}                 | 0 1 2
			{'link': null}, {'id': 0}                     | 0 0~1
			{'id': '../../../x'}, {'id': 'a/b'}           | ../../../x a/b
			{'id': 'job'}, {'id': '人脸'}, {'id': '${x}'}   | job 人脸 ${x}
			{'id': 'con.json'}, {'id': '.'}, {'id': '..'} | con.json . ..
			null, {'id': 3}, null                          | 0 3 2
			""")
	void deliversEveryFaceUnderAnIdOfItsOwn(String faces, String ids) throws IOException {
		String id = newId("faces");
		standIn.crun(id).replies(succeeded(faces));
		assertThat(watch("crun", id).path("status").asText()).isEqualTo("SUCCEEDED");
		List<JsonNode> events = events("crun", id);
		List<String> expected = Stream.concat(Stream.of(ids.split(" ")).map("face:"::concat), Stream.of("job"))
			.map((end) -> "crun:" + id + ":" + end)
			.toList();
		assertThat(events).extracting((event) -> event.path("id").asText()).containsExactlyElementsOf(expected);
		assertThat(filesOf(id)).hasSameSizeAs(expected)
			.allSatisfy((name) -> assertThat(name).matches("job\\.json|face-[A-Za-z0-9_.-]+\\.json"));
	}

	private List<String> filesOf(String id) throws IOException {
		try (Stream<Path> files = Files.list(this.data.resolve("out/crun").resolve(id))) {
			return files.map((file) -> file.getFileName().toString()).toList();
		}
	}

	@Test
	void deliversAThousandFacesInTheProvidersOrder() {
		String id = newId("crowd");
		String faces = IntStream.range(0, 1000)
			.mapToObj((index) -> "{'id': 'f%d'}".formatted(index * 7919 % 1000))
			.collect(Collectors.joining(","));
		standIn.crun(id).replies(succeeded(faces));
		register("crun", id);
		patiently().atMost(Duration.ofSeconds(120)).until(() -> eventFiles(id), (count) -> count == 1001);
		JsonNode job = awaitEnd("crun", id);
		assertThat(job.path("faces")).hasSize(1000);
		assertThat(job.path("deliveries")).hasSize(1001)
			.allSatisfy((delivery) -> assertThat(delivery.path("status").asText()).isEqualTo("DELIVERED"));
		List<JsonNode> events = events("crun", id);
		for (int index = 0; index < 1000; index++) {
			assertThat(events.get(index).at("/data/index").asInt()).isEqualTo(index);
			assertThat(events.get(index).at("/data/faceId").asText()).isEqualTo("f" + index * 7919 % 1000);
			assertThat(job.path("faces").path(index).path("index").asInt()).isEqualTo(index);
		}
		assertThat(events).extracting((event) -> event.path("id").asText()).doesNotHaveDuplicates();
	}

	private long eventFiles(String id) throws IOException {
		Path directory = this.data.resolve("out/crun").resolve(id);
		try (Stream<Path> files = Files.isDirectory(directory) ? Files.list(directory) : Stream.empty()) {
			return files.filter((file) -> file.getFileName().toString().matches("(face-|job).*\\.json")).count();
		}
	}

	private static Reply succeeded(String faces) {
		return Reply
			.json(parse("{'code': 200, 'data': {'status': 'succeeded', 'result': {'faces': [" + faces + "]}}}"));
	}

}
