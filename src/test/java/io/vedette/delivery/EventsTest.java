package io.vedette.delivery;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.EventContract;
import io.vedette.RunningVedette;
import io.vedette.standin.StandInJob;
import io.vedette.standin.WebhookStandIn;
import org.apache.camel.ConsumerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every type of event at every kind of target is what the contract says. */
@TestPropertySource(properties = { "vedette.targets.crm.secret=whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXM=",
		"vedette.targets.bus.uri=seda:events-of-the-contract", "vedette.providers.crun.not-found-grace=100ms",
		"vedette.providers.akool.not-found-grace=100ms" })
class EventsTest extends RunningVedette {

	private static final WebhookStandIn crm = new WebhookStandIn();

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

	/** Those of jobs. */
	@ParameterizedTest
	@ValueSource(
			strings = { "vedette.face.detected", "vedette.job.succeeded", "vedette.job.failed", "vedette.job.expired" })
	void eachTargetGetsWhatTheContractSays(String type) {
		List<JsonNode> atFiles = new ArrayList<>();
		for (String provider : List.of("akool", "crun")) {
			String id = newId(type.replace('.', '-'));
			end(provider, id, type);
			atFiles.addAll(events(provider, id));
		}
		assertThat(atFiles).extracting((event) -> event.path("type").asText()).contains(type);
		List<JsonNode> others = new ArrayList<>();
		crm.requests().forEach((post) -> others.add(parse(post.text())));
		for (int i = 0; i < atFiles.size(); i++) {
			others.add(parse(this.consumer.receiveBody("seda:events-of-the-contract", 10_000, String.class)));
		}
		others.forEach(EventContract::check);
		assertThat(atFiles).allSatisfy((event) -> assertThat(others.stream().filter(event::equals)).hasSize(2));
	}

	/** Nobody has told the provider of a job that expires. */
	private void end(String provider, String id, String type) {
		if (!type.equals("vedette.job.expired")) {
			StandInJob job = provider.equals("akool") ? standIn.akool(id) : standIn.crun(id);
			if (type.equals("vedette.job.failed")) {
				job.failing();
			}
			else {
				job.withFaces(2);
			}
		}
		watch(provider, id);
	}

	@ParameterizedTest
	@MethodSource("io.vedette.EventContract#types")
	void servesTheSchemaThatAnEventNames(String type) {
		JsonNode schema = parse(get("/schemas/" + type + ".json").body());
		assertThat(schema.path("$id").asText()).isEqualTo("vedette:/schemas/" + type + ".json");
		assertThat(schema.path("required")).isNotEmpty();
	}

	@Test
	void servesNothingElseBesideTheSchemas() {
		assertThat(get("/schemas/").statusCode()).isEqualTo(404);
		assertThat(get("/schemas/..%2f..%2fapplication.yaml").statusCode()).isEqualTo(404);
	}

}
