package io.vedette;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.standin.Reply;
import io.vedette.standin.WebhookStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * As JSON each entry of the log that is about a job names it. The encoder is the one of
 * logging.structured.format: that key itself counts for the first application of a JVM
 * alone.
 */
@TestPropertySource(properties = { "vedette.targets.crm.secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"vedette.targets.crm.retry=100ms", "vedette.targets.files.images=false" })
class LogTest extends RunningVedette {

	private static final String DONE = """
			{"code": 200, "data": {"status": "succeeded", "result": {"faces": [{"id": 0, "link": "https://example.com/0.jpg"}]}}}
			""";

	private static final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

	private final ByteArrayOutputStream log = new ByteArrayOutputStream();

	private final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();

	private static final WebhookStandIn crm = new WebhookStandIn();

	@DynamicPropertySource
	static void addTarget(DynamicPropertyRegistry registry) {
		registry.add("vedette.targets.crm.uri", crm::url);
	}

	/** Its application is there by now: one that starts may take all appenders away. */
	@BeforeEach
	void open() {
		StructuredLogEncoder encoder = new StructuredLogEncoder();
		encoder.setFormat("ecs");
		encoder.setContext(root.getLoggerContext());
		encoder.start();
		this.appender.setEncoder(encoder);
		this.appender.setContext(root.getLoggerContext());
		this.appender.setOutputStream(this.log);
		this.appender.start();
		root.addAppender(this.appender);
	}

	@AfterEach
	void close() {
		root.detachAppender(this.appender);
		this.appender.stop();
	}

	@AfterAll
	static void closeTarget() {
		crm.close();
	}

	@Test
	void namesTheJobOfEachEntry() {
		crm.answers(500);
		String id = newId("logged");
		standIn.crun(id).replies(Reply.status(500), Reply.json(DONE));
		watch("crun", id);
		// A row is written before the log tells of it.
		patiently().untilAsserted(() -> {
			List<JsonNode> entries = entries("crun/" + id);
			assertThat(entries).extracting((entry) -> entry.path("message").asText())
				.anySatisfy((message) -> assertThat(message).contains("counts as UNAVAILABLE"))
				.anySatisfy((message) -> assertThat(message).contains("SUCCEEDED, 1 faces"))
				.anySatisfy((message) -> assertThat(message).contains("tried again"))
				.anySatisfy((message) -> assertThat(message).contains("dead after 2 attempts"));
			assertThat(entries).filteredOn((entry) -> entry.path("message").asText().contains("dead"))
				.allSatisfy((entry) -> assertThat(entry.at("/vedette/target").asText()).isEqualTo("crm"));
		});
	}

	private List<JsonNode> entries(String job) {
		return this.log.toString(StandardCharsets.UTF_8)
			.lines()
			.map(RunningVedette::parse)
			.filter((entry) -> entry.at("/vedette/job").asText().equals(job))
			.toList();
	}

}
