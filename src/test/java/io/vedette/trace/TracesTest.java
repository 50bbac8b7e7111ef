package io.vedette.trace;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import io.vedette.RunningVedette;
import io.vedette.bus.Artemis;
import io.vedette.standin.Reply;
import io.vedette.standin.Request;
import io.vedette.standin.WebhookStandIn;
import io.vedette.trace.CollectorStandIn.Told;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a collector is told of a job on its way. */
@TestPropertySource(properties = { "vedette.targets.crm.secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"vedette.targets.crm.retry=100ms", "vedette.targets.bus.uri=jms:queue:traced-faces",
		"vedette.intakes.bus.uri=jms:queue:traced-jobs",
		"management.opentelemetry.tracing.export.schedule-delay=100ms" })
class TracesTest extends RunningVedette {

	private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";

	private static final String CALLER = "00f067aa0ba902b7";

	private static final String TRACE = "00-" + TRACE_ID + "-" + CALLER + "-01";

	private static final String UNWANTED = "0af7651916cd43dd8448eb211c80319c";

	private static final CollectorStandIn collector = new CollectorStandIn();

	private static final WebhookStandIn crm = new WebhookStandIn();

	private static final ConnectionFactory broker = new ActiveMQConnectionFactory(Artemis.url());

	@DynamicPropertySource
	static void connect(DynamicPropertyRegistry registry) {
		registry.add("management.opentelemetry.tracing.export.otlp.endpoint", collector::endpoint);
		registry.add("vedette.targets.crm.uri", () -> crm.url() + "?key=of-the-receiver");
		registry.add("spring.artemis.broker-url", Artemis::url);
	}

	@AfterAll
	static void close() {
		collector.close();
		crm.close();
	}

	/** docs/observability.md shows this very trace. */
	@Test
	void showsTheWayOfAJobFromRestToTheWebhook() throws IOException {
		crm.answers(503, 200);
		String id = newId("way");
		standIn.crun(id).finishesAfter(Duration.ofSeconds(3)).withFaces(1);
		handIn(id, null);
		awaitEnd("crun", id);
		List<Told> own = awaitSpans(id, 10);
		patiently().until(() -> collector.spans().stream().anyMatch((call) -> own.stream().anyMatch(call::isParentOf)));
		String way = new TraceText(own, collector.spans()).toString();
		assertThat(Files.readString(Path.of("docs/observability.md"))).contains(way.replace(id, "dit60yt8reqplt1c16"));
	}

	@Test
	void tellsEachHopThatItIsAPartOfItsSpan() throws JMSException {
		crm.answers(503, 200);
		String id = newId("hop");
		standIn.crun(id).withFaces(1);
		handIn(id, TRACE);
		awaitEnd("crun", id);
		List<Told> spans = awaitSpans(id, 10);

		assertThat(standIn.polls("crun", id)).isNotEmpty()
			.allSatisfy(
					(poll) -> assertThat(poll.header("traceparent")).isEqualTo(one(spans, "watch crun").traceparent()));
		assertThat(hooks(id)).extracting((hook) -> hook.header("traceparent"))
			.containsExactlyInAnyOrderElementsOf(all(spans, "deliver crm").map(Told::traceparent).toList());
		assertThat(traceparents("traced-faces", id))
			.containsExactlyInAnyOrderElementsOf(all(spans, "deliver bus").map(Told::traceparent).toList());
		assertThat(events("crun", id)).extracting((event) -> event.path("traceparent").asText()).containsOnly(TRACE);
		assertThat(hooks(id)).filteredOn((hook) -> hook.text().contains("face.detected"))
			.extracting(Request::text)
			.hasSize(2)
			.containsOnly(hooks(id).get(0).text());
	}

	@Test
	void linksARetryAndMakesTheFirstAttemptAChild() {
		crm.answers(503, 200);
		String id = newId("retry");
		standIn.crun(id).withFaces(0);
		handIn(id, TRACE);
		awaitEnd("crun", id);
		List<Told> attempts = patiently()
			.until(() -> all(awaitSpans(id, 5), "deliver crm").toList(), (spans) -> spans.size() == 2)
			.stream()
			.sorted(Comparator.comparing((span) -> span.attributes().get("vedette.attempt")))
			.toList();

		Told first = attempts.get(0);
		assertThat(first.traceId()).isEqualTo(TRACE_ID);
		assertThat(first.parentId()).isEqualTo(CALLER);
		assertThat(first.error()).isEqualTo("HTTP 503");
		assertThat(first.attributes()).containsEntry("vedette.outcome", "again")
			.containsEntry("cloudevents.event_id", "crun:" + id + ":job")
			.containsEntry("cloudevents.event_type", "vedette.job.succeeded")
			.containsEntry("cloudevents.event_source", "/providers/crun")
			.containsEntry("cloudevents.event_subject", id);
		Told second = attempts.get(1);
		assertThat(second.traceId()).isNotEqualTo(TRACE_ID);
		assertThat(second.parentId()).isEmpty();
		assertThat(second.links()).containsExactly(CALLER);
		assertThat(second.attributes()).containsEntry("vedette.outcome", "arrived");
	}

	@Test
	void beginsATraceForAMessageThatNamesNone() {
		String id = newId("message");
		standIn.crun(id).withFaces(0);
		try (JMSContext jms = broker.createContext()) {
			jms.createProducer().send(jms.createQueue("traced-jobs"), jobRequest(id));
		}
		List<Told> spans = awaitSpans(id, 6);

		Told begun = one(spans, "register crun");
		assertThat(begun.parentId()).isEmpty();
		assertThat(begun.kind()).isEqualTo("CONSUMER");
		assertThat(spans).filteredOn((span) -> span != begun)
			.allSatisfy((span) -> assertThat(span.parentId()).isEqualTo(begun.spanId()));
		patiently().untilAsserted(() -> assertThat(events("crun", id)).isNotEmpty()
			.extracting((event) -> event.path("traceparent").asText())
			.containsOnly(begun.traceparent()));
	}

	@Test
	void leavesATraceAloneThatNobodyWantsToSee() {
		String id = newId("unwanted");
		standIn.crun(id).withFaces(0);
		handIn(id, "00-" + UNWANTED + "-" + CALLER + "-00");
		awaitEnd("crun", id);
		assertThat(hooks(id)).isNotEmpty()
			.allSatisfy((hook) -> assertThat(hook.header("traceparent")).startsWith("00-" + UNWANTED).endsWith("-00"));
		String seen = newId("wanted");
		standIn.crun(seen).withFaces(0);
		handIn(seen, TRACE);
		awaitSpans(seen, 5);
		assertThat(collector.spans()).extracting(Told::traceId).doesNotContain(UNWANTED);
	}

	@Test
	void showsNoAddressOfPicturesMediaAndReceivers() {
		String id = newId("personal");
		standIn.crun(id).withFaces(1);
		register(
				parse("{'provider':'crun','jobId':'%s','mediaUrl':'https://example.com/private.png','reference':'jane'}"
					.formatted(id)));
		awaitEnd("crun", id);
		assertThat(awaitSpans(id, 9)).extracting(Told::toString)
			.noneSatisfy((text) -> assertThat(text).containsAnyOf("private.png", ".jpg", "jane", "of-the-receiver"));
	}

	@Test
	void showsOfAPictureNoMoreThanItsHost() {
		String id = newId("picture");
		standIn.crun(id).withFaces(2);
		standIn.override((request) -> request.path().contains(id + "/1.") ? Reply.status(410) : null);
		try {
			handIn(id, TRACE);
			awaitEnd("crun", id);
			List<Told> downloads = patiently().until(() -> all(awaitSpans(id, 1), "picture files").toList(),
					(spans) -> spans.size() == 2);

			assertThat(downloads).allSatisfy((span) -> {
				assertThat(span.traceId()).isEqualTo(TRACE_ID);
				assertThat(span.parentId()).isEqualTo(CALLER);
				assertThat(span.kind()).isEqualTo("CLIENT");
				assertThat(span.attributes()).containsEntry("server.address", "127.0.0.1")
					.containsEntry("vedette.target", "files")
					.containsEntry("vedette.outcome", "arrived")
					.containsEntry("cloudevents.event_type", "vedette.face.detected");
				assertThat(span.toString()).doesNotContain("http://", "/pictures/", ".jpg");
			}).extracting(Told::error).containsExactlyInAnyOrder(null, "picture: HTTP 410");
			assertThat(standIn.requests()).filteredOn((request) -> request.path().startsWith("/pictures/"))
				.allSatisfy((request) -> assertThat(request.header("traceparent")).isNull());
		}
		finally {
			standIn.override((request) -> null);
		}
	}

	/** A collector that takes nothing holds up no job. */
	@Test
	void waitsForNoCollector() {
		collector.server().answers(Reply.hang(Duration.ofSeconds(5)));
		try {
			for (int i = 0; i < 20; i++) {
				String id = newId("silent");
				standIn.crun(id).withFaces(0);
				handIn(id, null);
				assertThat(awaitEnd("crun", id).path("status").asText()).isEqualTo("SUCCEEDED");
			}
		}
		finally {
			collector.server().answers(200);
		}
		String after = newId("after");
		standIn.crun(after).withFaces(0);
		handIn(after, null);
		awaitSpans(after, 5);
	}

	private void handIn(String id, String trace) {
		HttpRequest.Builder call = request("/jobs").header("content-type", "application/json")
			.POST(BodyPublishers.ofString(jobRequest(id)));
		if (trace != null) {
			call.header("traceparent", trace);
		}
		assertThat(send(call).statusCode()).isEqualTo(202);
	}

	private static String jobRequest(String id) {
		return "{\"provider\":\"crun\",\"jobId\":\"%s\"}".formatted(id);
	}

	private static List<Request> hooks(String id) {
		return crm.requests().stream().filter((request) -> request.header("webhook-id").contains(id)).toList();
	}

	private static List<String> traceparents(String queue, String id) throws JMSException {
		List<String> found = new ArrayList<>();
		try (JMSContext jms = broker.createContext();
				JMSConsumer consumer = jms.createConsumer(jms.createQueue(queue))) {
			for (Message message = consumer.receive(1000); message != null; message = consumer.receive(1000)) {
				if (message.getBody(String.class).contains(id)) {
					found.add(message.getStringProperty("traceparent"));
				}
			}
		}
		return found;
	}

	/** The spans about a job, once there are so many. */
	private static List<Told> awaitSpans(String id, int count) {
		return patiently().until(() -> collector.spans()
			.stream()
			.filter((span) -> span.attributes().getOrDefault("vedette.job", "").equals("crun/" + id))
			.toList(), (spans) -> spans.size() >= count);
	}

	private static Stream<Told> all(List<Told> spans, String name) {
		return spans.stream().filter((span) -> span.name().equals(name));
	}

	private static Told one(List<Told> spans, String name) {
		List<Told> found = all(spans, name).toList();
		assertThat(found).hasSize(1);
		return found.get(0);
	}

}
