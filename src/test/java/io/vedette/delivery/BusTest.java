package io.vedette.delivery;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.LiveDirectory;
import io.vedette.RunningVedette;
import io.vedette.standin.Request;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.util.UriUtils;

import static org.assertj.core.api.Assertions.assertThat;

/** An intake and a target that are neither files nor HTTP. */
@TestPropertySource(
		properties = { "vedette.intakes.bus.uri=seda:job-requests", "vedette.intakes.calls.uri=direct:calls",
				"vedette.targets.bus.uri=seda:faces-out", "vedette.targets.bus.events=vedette.face.detected" })
class BusTest extends RunningVedette {

	@Autowired
	private ProducerTemplate producer;

	@Autowired
	private ConsumerTemplate consumer;

	@Test
	void takesTextAndBytes() {
		String[] ids = { newId("text"), newId("bytes"), newId("\u00fc\uD83D\uDE00") };
		this.producer.sendBody("seda:job-requests", jobRequest(ids[0]));
		this.producer.sendBody("seda:job-requests", jobRequest(ids[1]).getBytes(StandardCharsets.UTF_8));
		this.producer.sendBody("direct:calls", "[" + jobRequest(ids[2]) + "]");
		Stream.of(ids).forEach(this::awaitKnown);
	}

	@Test
	void handsEveryFaceToTheBusAsItsEvent() {
		String id = newId("bus");
		standIn.akool(id).withFaces(1);
		watch("akool", id);
		Exchange message = receive(id);
		assertThat(message.getMessage().getBody()).isInstanceOf(String.class);
		assertThat(parse(message.getMessage().getBody(String.class))).isEqualTo(events("akool", id).get(0));
		assertThat(message.getMessage().getHeaders()).containsEntry("content-type", "application/cloudevents+json");
		assertThat(message.getMessage().getHeaders().keySet()).isSubsetOf("content-type", "CamelCloudEventID");
		assertThat(message.getMessage().getHeaders().toString()).doesNotContain(standIn.key("akool"));
		assertThat(message.getVariables().keySet()).as("as at a later attempt")
			.containsExactlyInAnyOrder("delivery", "queue", "span");
	}

	@Test
	void handsAJobToTheTargetsThatItNames() {
		String[] ids = { newId("named"), newId("all") };
		Stream.of(ids).forEach((id) -> standIn.akool(id).withFaces(1));
		register(parse("{'provider':'akool','jobId':'" + ids[0] + "','targets':['files']}"));
		register("akool", ids[1]);
		assertThat(targetsOf(ids[0])).containsOnly("files");
		assertThat(targetsOf(ids[1])).containsOnly("files", "bus");
		assertThat(events("akool", ids[0])).hasSize(2);
		assertThat(receive(ids[1]).getMessage().getBody(String.class)).contains(ids[1]);
	}

	@ParameterizedTest
	@ValueSource(strings = { "seda:job-requests", "direct:calls" })
	void takesNoOrdersFromHeaders(String intake) {
		String id = newId("headers");
		standIn.crun(id).withFaces(1);
		Path stolen = this.data.resolve("stolen-" + id);
		this.producer.sendBodyAndHeaders(intake, jobRequest(id),
				Map.of("CAmelHttpUri", standIn.baseUrl() + "/stolen", "camelHttpPath", "/stolen", "CAMELHTTPQUERY",
						"x=1", "camelFileName", stolen.toString(), "CamelFileName", "../../" + stolen.getFileName(),
						"Authorization", "Bearer x", "x-api-key", "stolen", "CamelHttpMethod", "DELETE",
						"CamelCharsetName", "UTF-16"));
		awaitKnown(id);
		awaitEnd("crun", id);
		assertThat(events("crun", id)).hasSize(2);
		assertThat(standIn.polls("crun", id)).isNotEmpty()
			.allSatisfy((poll) -> assertThat(poll.header("x-api-key")).isEqualTo(standIn.key("crun")))
			.extracting(Request::method)
			.containsOnly("GET");
		assertThat(standIn.requests()).extracting(Request::path).doesNotContain("/stolen");
		assertThat(LiveDirectory.finishedFiles(this.data)).noneMatch((file) -> file.toString().contains("stolen"));
		assertThat(standIn.faults()).isEmpty();
	}

	@Test
	void setsAMessageAsideThatIsNoJson() {
		String id = newId("broken");
		String text = jobRequest(id) + " and " + newId("more");
		this.producer.sendBody("seda:job-requests", text);
		String reason = awaitRejected(text);
		assertThat(reason).contains("unreadable after 1 requests");
		awaitKnown(id);
	}

	@Test
	void setsABadRequestAside() {
		String id = newId("bad");
		this.producer.sendBody("seda:job-requests",
				"[" + jobRequest(id) + "," + jobRequest("unheard-of-" + id).replace("crun", "acool") + "]");
		awaitKnown(id);
		patiently().until(() -> LiveDirectory.finishedFiles(this.data.resolve("rejected")),
				(files) -> files.stream()
					.anyMatch((file) -> file.toString().endsWith("bus.rows.ndjson")
							&& read(file).contains("unheard-of-" + id) && read(file).contains("\"row\":2")));
	}

	@Test
	void setsAnObjectAsideThatOnlyJavaUnderstands() {
		for (Object body : List.of(Map.of("provider", "crun", "jobId", newId("map")), new Thing(newId("thing")))) {
			this.producer.sendBody("seda:job-requests", body);
			assertThat(awaitRejected(body.toString())).contains("body: " + body.getClass().getName(),
					"expected JSON as text or bytes");
		}
		String id = newId("after");
		this.producer.sendBody("seda:job-requests", jobRequest(id));
		awaitKnown(id);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "[]" })
	void setsAMessageAsideThatHoldsNoJobs(String text) {
		int before = LiveDirectory.finishedFiles(this.data.resolve("rejected")).size();
		this.producer.sendBody("seda:job-requests", text);
		patiently().until(() -> LiveDirectory.finishedFiles(this.data.resolve("rejected")).size() == before + 2);
	}

	record Thing(String name) implements Serializable {
	}

	private static String jobRequest(String id) {
		return "{\"provider\":\"crun\",\"jobId\":\"" + id + "\"}";
	}

	private void awaitKnown(String id) {
		patiently().untilAsserted(
				() -> assertThat(get("/jobs/crun/" + UriUtils.encode(id, StandardCharsets.UTF_8)).statusCode())
					.isEqualTo(200));
	}

	private Stream<String> targetsOf(String id) {
		JsonNode deliveries = awaitEnd("akool", id).path("deliveries");
		return deliveries.findValuesAsText("target").stream();
	}

	/** The message about this job. */
	private Exchange receive(String id) {
		return patiently().until(() -> this.consumer.receive("seda:faces-out", 100),
				(message) -> message != null && message.getMessage().getBody(String.class).contains(id));
	}

	/**
	 * Waits until this text is among the rejected ones, and gives the reason beside it.
	 */
	private String awaitRejected(String text) {
		Path file = patiently()
			.until(() -> LiveDirectory.finishedFiles(this.data.resolve("rejected"))
				.stream()
				.filter((one) -> !one.toString().endsWith("json") && read(one).equals(text)
						&& Files.exists(Path.of(one + ".reason.json")))
				.findFirst(), Optional::isPresent)
			.orElseThrow();
		return parse(read(Path.of(file + ".reason.json"))).path("reason").asText();
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			return "";
		}
	}

}
