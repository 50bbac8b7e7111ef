package io.vedette.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.delivery.TargetStates.State;
import io.vedette.delivery.TargetStates.TargetState;
import io.vedette.standin.Request;
import io.vedette.standin.WebhookStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** A target that keeps failing is left alone, and the others do not notice. */
@Tag("store")
@TestPropertySource(properties = { "vedette.targets.slow.secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"vedette.targets.slow.retry=500ms,500ms,500ms,1s,1m",
		"vedette.targets.gone.secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"vedette.targets.gone.retry=300ms,300ms" })
class PausedTargetTest extends RunningVedette {

	private static final int JOBS = 5;

	private static final int FACES = 20;

	private static final int EVENTS = JOBS * (FACES + 1);

	private static final WebhookStandIn slow = new WebhookStandIn();

	private static final WebhookStandIn gone = new WebhookStandIn();

	@Autowired
	private TargetStates states;

	@DynamicPropertySource
	static void addTargets(DynamicPropertyRegistry registry) {
		registry.add("vedette.targets.slow.uri", slow::url);
		registry.add("vedette.targets.gone.uri", gone::url);
	}

	@AfterAll
	static void close() {
		slow.close();
		gone.close();
	}

	@Test
	void waitsForATargetThatFailsAndDeliversAllOnceItWorks() {
		slow.answers(503);
		List<String> ids = register("slow");
		patiently().untilAsserted(() -> assertThat(delivered(ids, "files")).isEqualTo(EVENTS));
		assertThat(delivered(ids, "slow")).isZero();
		assertThat(slow.requestCount()).as("attempts for %d deliveries", EVENTS).isLessThan(EVENTS / 2);

		assertThat(this.states.all()).filteredOn((state) -> state.target().equals("slow"))
			.extracting(TargetState::kind, TargetState::state, TargetState::reason)
			.containsExactly(tuple("webhook", State.PAUSED, "HTTP 503"));

		long failed = slow.requestCount();
		slow.answers(200);
		patiently().untilAsserted(() -> assertThat(delivered(ids, "slow")).isEqualTo(EVENTS));
		Map<String, Long> taken = slow.requests()
			.stream()
			.skip(failed)
			.collect(Collectors.groupingBy((request) -> request.header("webhook-id"), Collectors.counting()));
		assertThat(taken).hasSize(EVENTS).allSatisfy((id, times) -> assertThat(times).isEqualTo(1));
		List<String> sent = slow.requests().stream().map((request) -> request.header("webhook-id")).toList();
		assertThat(ids).allSatisfy((id) -> assertThat(sent.subList(0, sent.indexOf("akool:" + id + ":job")))
			.as("what was sent before the job's event")
			.containsAll(IntStream.range(0, FACES).mapToObj((face) -> "akool:" + id + ":face:" + face).toList()));
	}

	@Test
	void endsWhatATargetDoesNotTakeWithinItsWholeSchedule() {
		gone.answers(500);
		List<String> ids = register("gone");
		patiently().untilAsserted(() -> assertThat(statuses(ids, "gone")).hasSize(EVENTS).containsOnly("DEAD"));
		assertThat(delivered(ids, "files")).isEqualTo(EVENTS);
		assertThat(deliveries("?status=dead&target=gone&limit=1000"))
			.extracting((delivery) -> delivery.path("reason").asText())
			.allSatisfy((reason) -> assertThat(reason)
				.matches("HTTP 500|expired while the target was paused(; HTTP 500)?"));

		gone.answers(200);
		post("/deliveries/replay", "{\"target\":\"gone\"}");
		patiently().untilAsserted(() -> assertThat(delivered(ids, "gone")).isEqualTo(EVENTS));
		assertThat(gone.requests()).extracting(Request::method).containsOnly("POST");
	}

	private List<String> register(String target) {
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < JOBS; i++) {
			String id = newId("paused");
			standIn.akool(id).withFaces(FACES);
			register(parse("{'provider':'akool','jobId':'%s','targets':['files','%s']}".formatted(id, target)));
			ids.add(id);
		}
		return ids;
	}

	private long delivered(List<String> ids, String target) {
		return statuses(ids, target).stream().filter("DELIVERED"::equals).count();
	}

	private List<String> statuses(List<String> ids, String target) {
		List<String> statuses = new ArrayList<>();
		for (String id : ids) {
			job("akool", id).path("deliveries").forEach((delivery) -> {
				if (delivery.path("target").asText().equals(target)) {
					statuses.add(delivery.path("status").asText());
				}
			});
		}
		return statuses;
	}

	private List<JsonNode> deliveries(String query) {
		List<JsonNode> deliveries = new ArrayList<>();
		parse(get("/deliveries" + query).body()).path("deliveries").forEach(deliveries::add);
		return deliveries;
	}

}
