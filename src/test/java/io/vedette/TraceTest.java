package io.vedette;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.vedette.standin.Request;
import io.vedette.standin.WebhookStandIn;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** A job stays in the trace in which it was handed in. */
@Tag("store")
@TestPropertySource(properties = { "vedette.targets.crm.secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"vedette.targets.crm.retry=100ms", "vedette.targets.bus.uri=seda:bus",
		"vedette.intakes.bus.uri=seda:requests" })
class TraceTest extends RunningVedette {

	private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

	private static final String OTHER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

	private static final WebhookStandIn crm = new WebhookStandIn();

	@Autowired
	private ProducerTemplate producer;

	@Autowired
	private ConsumerTemplate consumer;

	@DynamicPropertySource
	static void addTarget(DynamicPropertyRegistry registry) {
		registry.add("vedette.targets.crm.uri", crm::url);
	}

	@AfterAll
	static void close() {
		crm.close();
	}

	@Test
	void goesFromRestToTheProviderAndToEachTarget() {
		crm.answers(503, 200);
		String id = newId("traced");
		standIn.crun(id).withFaces(1);
		handIn(id, TRACE);
		awaitEnd("crun", id);

		assertThat(standIn.polls("crun", id)).isNotEmpty()
			.allSatisfy((poll) -> assertThat(poll.header("traceparent")).isEqualTo(TRACE));
		assertThat(events("crun", id)).hasSize(2)
			.allSatisfy((event) -> assertThat(event.path("traceparent").asText()).isEqualTo(TRACE));
		List<Request> hooks = crm.requests()
			.stream()
			.filter((request) -> request.header("webhook-id").contains(id))
			.toList();
		assertThat(hooks).hasSizeGreaterThan(2)
			.allSatisfy((hook) -> assertThat(hook.header("traceparent")).isEqualTo(TRACE));
		Exchange message = this.consumer.receive("seda:bus", 10_000);
		while (!message.getMessage().getBody(String.class).contains(id)) {
			message = this.consumer.receive("seda:bus", 10_000);
		}
		assertThat(message.getMessage().getHeader("traceparent")).isEqualTo(TRACE);
	}

	@Test
	void comesWithAMessage() {
		String id = newId("message");
		standIn.crun(id).withFaces(0);
		this.producer.sendBodyAndHeader("seda:requests", request("crun", id), "traceparent", TRACE);
		assertTrace(id, TRACE);
	}

	@Test
	void comesWithACloudEvent() {
		String id = newId("event");
		standIn.crun(id).withFaces(0);
		this.producer.sendBodyAndHeader("seda:requests",
				"{\"specversion\":\"1.0\",\"type\":\"t\",\"source\":\"/s\",\"id\":\"1\",\"traceparent\":\"%s\",\"data\":%s}"
					.formatted(TRACE, request("crun", id)),
				"traceparent", OTHER);
		assertTrace(id, TRACE);
	}

	@Test
	void comesInAColumn() throws IOException {
		String[] ids = { newId("column"), newId("column") };
		standIn.crun(ids[0]).withFaces(0);
		standIn.crun(ids[1]).withFaces(0);
		Path inbox = Files.createDirectories(this.data.resolve("inbox"));
		Files.writeString(inbox.resolve(newId("traced") + ".csv"),
				"provider,jobId,traceparent\ncrun,%s,%s\ncrun,%s,\n".formatted(ids[0], TRACE, ids[1]));
		assertTrace(ids[0], TRACE);
		assertTrace(ids[1], "");
	}

	@ParameterizedTest
	@ValueSource(strings = { "nonsense", "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
			"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
			"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
			"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01" })
	void isIgnoredWhereItMakesNoSense(String trace) {
		String id = newId("senseless");
		standIn.crun(id).withFaces(0);
		handIn(id, trace);
		assertTrace(id, "");
		assertThat(standIn.polls("crun", id)).allSatisfy((poll) -> assertThat(poll.header("traceparent")).isNull());
	}

	private void handIn(String id, String trace) {
		assertThat(send(request("/jobs").header("content-type", "application/json")
			.header("traceparent", trace)
			.POST(BodyPublishers.ofString(request("crun", id)))).statusCode()).isEqualTo(202);
	}

	private void assertTrace(String id, String trace) {
		patiently().until(() -> !events("crun", id).isEmpty());
		assertThat(events("crun", id)).extracting((event) -> event.path("traceparent").asText()).containsOnly(trace);
	}

	private static String request(String provider, String id) {
		return "{\"provider\":\"%s\",\"jobId\":\"%s\"}".formatted(provider, id);
	}

}
