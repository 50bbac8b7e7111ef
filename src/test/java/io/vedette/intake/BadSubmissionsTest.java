package io.vedette.intake;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vedette.LiveDirectory;
import io.vedette.RunningVedette;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What can't be submitted is refused with the reason and what to do, by whichever way it
 * comes in; what is good beside it is taken.
 */
@Tag("store")
@TestPropertySource(properties = { "vedette.intakes.bus.uri=seda:requests",
		"camel.main.routes-include-pattern=classpath:routes/*.camel.yaml,file:examples/ask-magic-hour.camel.yaml",
		"vedette.providers.magic-hour.api-key=none" })
class BadSubmissionsTest extends RunningVedette {

	@Autowired
	private ProducerTemplate messages;

	private String sealed;

	private String sized;

	private String small;

	/** Something that nobody takes. */
	private enum Bad {

		LONG("mediaUrl", "https://example.com/" + "a".repeat(8192), "8212 characters; expected 0-8192", "Shorten it"),
		USER("mediaUrl", "https://me:pw@example.com/a.png", "a user or password", "Correct it"),
		PRIVATE("mediaUrl", "http://192.168.1.7/a.png", "a host that the provider can't reach", "Correct it"),
		LOCAL("mediaUrl", "http://localhost/a.png", "a host that the provider can't reach", "Correct it"),
		FTP("mediaUrl", "ftp://example.com/a.png", "no http:// or https:// at its begin", "Correct it"),
		PROVIDER("provider", "magic-hour", "media can't be submitted to provider", "add the route"),
		ACCOUNT("account", "team-x", "account \"team-x\": not configured for crun", "Correct the name"),
		SEALED("batch", "sealed", "sealed at ", "Name another batch"),
		SIZE("batchSize", "2", "has 3 jobs with this one", "Correct it"),
		FULL("batch", "sized", "has all of its 1 jobs", "Name another batch"),
		BOTH("jobId", "beside", "requestId: beside a jobId", "Leave one out");

		private final String member;

		private final String value;

		private final String problem;

		private final String advice;

		Bad(String member, String value, String problem, String advice) {
			this.member = member;
			this.value = value;
			this.problem = problem;
			this.advice = advice;
		}

	}

	@BeforeEach
	void makeBatches() {
		this.sealed = newId("sealed");
		assertThat(post("/batches/" + this.sealed + "/seal", "").statusCode()).isEqualTo(200);
		this.sized = newId("sized");
		assertThat(post("/jobs", good().put("batch", this.sized).put("batchSize", 1).toString()).statusCode())
			.isEqualTo(202);
		this.small = newId("small");
		for (int i = 0; i < 2; i++) {
			assertThat(post("/jobs", good().put("batch", this.small).toString()).statusCode()).isEqualTo(202);
		}
	}

	private static ObjectNode good() {
		return JsonNodeFactory.instance.objectNode()
			.put("provider", "crun")
			.put("mediaUrl", "https://media.example.com/" + newId("good") + ".png")
			.put("requestId", newId("good"));
	}

	private ObjectNode bad(Bad bad) {
		ObjectNode request = good().put("requestId", newId("bad"));
		switch (bad) {
			case SEALED -> request.put("batch", this.sealed);
			case FULL -> request.put("batch", this.sized);
			case SIZE -> request.put("batch", this.small).put("batchSize", 2);
			default -> request.put(bad.member, bad.value);
		}
		return request;
	}

	@ParameterizedTest
	@EnumSource
	void isRefusedByRest(Bad bad) {
		ObjectNode request = bad(bad);
		HttpResponse<String> alone = post("/jobs", request.toString());
		assertThat(alone.statusCode()).as(alone.body()).isEqualTo(400);
		assertThat(parse(alone.body()).path("detail").asText()).contains(bad.problem, bad.advice);
		ObjectNode before = good();
		ObjectNode behind = good();
		HttpResponse<String> array = post("/jobs", array(before, request, behind).toString());
		assertThat(array.statusCode()).as(array.body()).isEqualTo(202);
		assertThat(parse(array.body()).get(1).path("detail").asText()).startsWith("row 2: ")
			.contains(bad.problem, bad.advice);
		assertTakenAlone(List.of(before, behind), request);
	}

	@ParameterizedTest
	@EnumSource
	void isSetAsideFromAFile(Bad bad) throws IOException {
		ObjectNode request = bad(bad);
		ObjectNode before = good();
		ObjectNode behind = good();
		drop(newId("bad") + ".ndjson", before + "\n" + request + "\n" + behind + "\n");
		assertSetAside(bad, request);
		assertTakenAlone(List.of(before, behind), request);
	}

	@ParameterizedTest
	@EnumSource
	void isSetAsideFromAMessage(Bad bad) throws IOException {
		ObjectNode request = bad(bad);
		ObjectNode before = good();
		ObjectNode behind = good();
		this.messages.sendBody("seda:requests", array(before, request, behind).toString());
		assertSetAside(bad, request);
		assertTakenAlone(List.of(before, behind), request);
	}

	private static ArrayNode array(JsonNode... requests) {
		return JsonNodeFactory.instance.arrayNode().addAll(List.of(requests));
	}

	private void drop(String name, String text) throws IOException {
		Path inbox = this.data.resolve("inbox");
		Files.writeString(inbox.resolve("." + name), text);
		Files.move(inbox.resolve("." + name), inbox.resolve(name));
	}

	private void assertSetAside(Bad bad, JsonNode request) throws IOException {
		String id = request.path("requestId").asText();
		patiently().untilAsserted(() -> assertThat(rejected(id)).as("set aside").isNotEmpty());
		assertThat(rejected(id))
			.anySatisfy((text) -> assertThat(text.replace("\\\"", "\"")).contains(bad.problem, bad.advice));
	}

	/** Texts of what was set aside of a request, reasons included. */
	private List<String> rejected(String id) {
		return LiveDirectory.finishedFiles(this.data.resolve("rejected"))
			.stream()
			.map(BadSubmissionsTest::read)
			.filter((text) -> text.contains('"' + id + '"'))
			.toList();
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			return "";
		}
	}

	/** The good ones are submitted once each, of the bad one nobody has heard. */
	private void assertTakenAlone(List<ObjectNode> good, ObjectNode bad) {
		good.forEach((request) -> patiently()
			.until(() -> standIn.submissions(request.path("mediaUrl").asText()).size() == 1));
		assertThat(get("/requests/" + bad.path("requestId").asText()).statusCode()).isEqualTo(404);
		assertThat(standIn.submissions(bad.path("mediaUrl").asText())).isEmpty();
	}

}
