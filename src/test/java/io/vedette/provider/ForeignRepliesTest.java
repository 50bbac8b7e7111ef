package io.vedette.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.Reply;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What a provider may write into its replies without a job being lost for it. */
@ExtendWith(OutputCaptureExtension.class)
class ForeignRepliesTest extends RunningVedette {

	@Autowired
	private JdbcClient jdbc;

	@Tag("store")
	@ParameterizedTest
	@CsvSource({ "decoder: a\\u0000b, decoder: a\uFFFDb", "cut \\ud83d end, cut \uFFFD end" })
	void failsAJobWhoseReasonNoDatabaseCanStore(String written, String told) {
		String id = newId("reason");
		standIn.akool(id).replies(akool("{\"status\":4,\"error_code\":1,\"error_reason\":\"" + written + "\"}"));
		JsonNode job = watch("akool", id);
		assertThat(job.path("status").asText()).isEqualTo("FAILED");
		assertThat(job.at("/reason/message").asText()).isEqualTo(told);
		assertThat(events("akool", id)).singleElement()
			.satisfies((event) -> assertThat(event.at("/data/reason/message").asText()).isEqualTo(told));
	}

	@Tag("store")
	@Test
	void deliversFacesWhoseIdsNoDatabaseCanStoreUnderIdsOfTheirOwn() {
		String id = newId("ids");
		standIn.akool(id)
			.replies(
					akool("""
							{"status":3,"analysis_result":{"media":[{"obj_id":"a\\u0000b","img_url":"http://127.0.0.1:1/\\u0000.png"},
							{"obj_id":"a\\ud83d"},{"obj_id":"a\\ud83e"},{"obj_id":1}]}}"""));
		assertThat(watch("akool", id).path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(events("akool", id)).extracting((event) -> event.path("id").asText())
			.containsExactly("akool:" + id + ":face:a\uFFFDb", "akool:" + id + ":face:a\uFFFD",
					"akool:" + id + ":face:a\uFFFD~2", "akool:" + id + ":face:1", "akool:" + id + ":job");
	}

	@Test
	void keepsAPictureThatIsItsOwnUrlWhole() {
		String id = newId("data-url");
		String url = "data:image/png;base64," + "A".repeat(100_000);
		standIn.akool(id)
			.replies(akool(
					"{\"status\":3,\"analysis_result\":{\"media\":[{\"obj_id\":0,\"img_url\":\"" + url + "\"}]}}"));
		assertThat(watch("akool", id).at("/faces/0/imageUrl").asText()).isEqualTo(url);
		assertThat(events("akool", id).get(0).at("/data/imageUrl").asText()).isEqualTo(url);
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`',
			value = { "akool, \"%s \"", "akool, {\"$oid\":\"%s\"}", "akool, { \"$oid\" : \" %S\" }", "akool, \"%S\"",
					"crun, \"\\t%s\\n\"", "crun, \"%S\"", "crun, \"\"", "crun, null" })
	void knowsTheJobHoweverTheReplyWritesItsId(String provider, String written) {
		String id = newId("named");
		String named = written.formatted(id);
		if (provider.equals("akool")) {
			standIn.akool(id).replies(akool("{\"_id\":" + named + ",\"status\":3,\"analysis_result\":{\"media\":[]}}"));
		}
		else {
			standIn.crun(id)
				.replies(crun("{\"detect_task_id\":" + named + ",\"status\":\"succeeded\",\"result\":{\"faces\":[]}}"));
		}
		JsonNode job = watch(provider, id);
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(job.path("polls").asInt()).isEqualTo(1);
	}

	@Test
	void failsAJobOfAMillionFaces() {
		String id = newId("million");
		standIn.crun(id)
			.replies(crun("{\"status\":\"succeeded\",\"result\":{\"faces\":["
					+ String.join(",", Collections.nCopies(1_000_000, "{}")) + "]}}"));
		JsonNode job = watch("crun", id);
		assertThat(job.path("status").asText()).isEqualTo("FAILED");
		assertThat(job.at("/reason/code").asText()).isEqualTo("too-many-faces");
		assertThat(job.at("/reason/message").asText()).startsWith("10001 faces or more; expected at most 10000.");
		assertThat(events("crun", id)).singleElement()
			.satisfies((event) -> assertThat(event.path("type").asText()).isEqualTo("vedette.job.failed"));
	}

	@Tag("store")
	@Test
	void failsAJobWhoseOutcomeTheDatabaseRefusesForGood(CapturedOutput output) {
		String id = newId("refused");
		this.jdbc.sql(
				"alter table event add constraint only_small check (type <> 'vedette.face.detected' or event_id not like '%"
						+ id + "%')")
			.update();
		try {
			standIn.crun(id).withFaces(2);
			JsonNode job = watch("crun", id);
			assertThat(job.path("status").asText()).isEqualTo("FAILED");
			assertThat(job.at("/reason/code").asText()).isEqualTo("unstorable");
			assertThat(job.at("/reason/message").asText()).contains("SQLSTATE 23");
			assertThat(events("crun", id)).singleElement().satisfies((event) -> {
				assertThat(event.path("type").asText()).isEqualTo("vedette.job.failed");
				assertThat(event.at("/data/reason/code").asText()).isEqualTo("unstorable");
			});
			assertThat(output.getOut().lines().filter((line) -> line.contains(id) && line.contains("refuses")))
				.hasSize(1);
		}
		finally {
			this.jdbc.sql("alter table event drop constraint only_small").update();
		}
	}

	@Tag("store")
	@Test
	void setsARequestAsideThatTheDatabaseRefusesForGood() throws IOException {
		String good = newId("good");
		String bad = newId("bad");
		standIn.crun(good).withFaces(0);
		this.jdbc.sql("alter table job add constraint only_good check (job_id <> '" + bad + "')").update();
		try {
			Files.writeString(this.data.resolve("inbox/" + bad + ".json"),
					"[{\"provider\":\"crun\",\"jobId\":\"%s\"},{\"provider\":\"crun\",\"jobId\":\"%s\"}]".formatted(bad,
							good));
			patiently().until(() -> get("/jobs/crun/" + good).statusCode() == 200);
			assertThat(awaitEnd("crun", good).path("status").asText()).isEqualTo("SUCCEEDED");
			patiently().until(() -> rejected().stream().anyMatch((line) -> line.contains(bad)));
			assertThat(rejected()).filteredOn((line) -> line.contains(bad))
				.singleElement()
				.satisfies((line) -> assertThat(parse(line).path("reason").asText())
					.startsWith("request: the database can't store it"));
		}
		finally {
			this.jdbc.sql("alter table job drop constraint only_good").update();
		}
	}

	private List<String> rejected() throws IOException {
		if (!Files.isDirectory(this.data.resolve("rejected"))) {
			return List.of();
		}
		try (Stream<Path> files = Files.list(this.data.resolve("rejected"))) {
			return files.filter((file) -> file.toString().endsWith(".rows.ndjson")).flatMap((file) -> {
				try {
					return Files.readAllLines(file).stream();
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}).toList();
		}
	}

	@Test
	void warnsOfForeignTextWithoutItsControlCharacters(CapturedOutput output) {
		String id = newId("forged");
		standIn.crun(id).replies(crun("{\"status\":\"x\\r\\n2026 ERROR forged " + "y".repeat(5_000) + "\"}"));
		register("crun", id);
		awaitPolls("crun", id, 2);
		assertThat(output.getOut().lines().filter((line) -> line.contains("forged y"))).singleElement()
			.satisfies((line) -> assertThat(line).contains(id).contains("WARN").hasSizeLessThan(500));
		delete("/jobs/crun/" + id);
	}

	private static Reply akool(String data) {
		return Reply.json("{\"code\":1000,\"msg\":\"OK\",\"data\":" + data + "}");
	}

	private static Reply crun(String data) {
		return Reply.json("{\"code\":200,\"message\":\"success\",\"data\":" + data + "}");
	}

}
