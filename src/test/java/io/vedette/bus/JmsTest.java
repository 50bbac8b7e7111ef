package io.vedette.bus;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.vedette.RunningVedette;
import jakarta.jms.JMSException;
import jakarta.jms.TextMessage;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Artemis as intake and as target, in this JVM. */
@TestPropertySource(properties = { "spring.artemis.mode=embedded", "spring.artemis.embedded.queues=jobs,faces",
		"vedette.intakes.artemis.uri=jms:queue:jobs", "vedette.targets.artemis.uri=jms:queue:faces",
		"vedette.targets.files.uri=" })
class JmsTest extends RunningVedette {

	private static final AtomicBoolean deserialised = new AtomicBoolean();

	@Autowired
	private JmsTemplate jms;

	@Test
	void takesARequestFromAQueueAndPutsEveryFaceOnAnother() throws JMSException {
		String id = newId("jms");
		standIn.crun(id).withFaces(2);

		this.jms.convertAndSend("jobs", "{\"provider\":\"crun\",\"jobId\":\"%s\"}".formatted(id));

		List<String> received = new ArrayList<>();
		this.jms.setReceiveTimeout(Duration.ofSeconds(20).toMillis());
		for (int i = 0; i < 3; i++) {
			TextMessage event = (TextMessage) this.jms.receive("faces");
			assertThat(event).isNotNull();
			assertThat(event.getJMSCorrelationID()).isEqualTo(parse(event.getText()).path("id").asText());
			received.add(event.getJMSCorrelationID());
		}
		assertThat(received).containsExactlyInAnyOrder("crun:" + id + ":face:0", "crun:" + id + ":face:1",
				"crun:" + id + ":job");
	}

	@Test
	void setsAnObjectMessageAsideWithoutReadingIt() throws IOException {
		this.jms.send("jobs", (session) -> session.createObjectMessage(new Payload()));

		patiently().until(() -> rejected().anyMatch((reason) -> reason.contains("ObjectMessage")));
		assertThat(deserialised).isFalse();
		this.jms.setReceiveTimeout(JmsTemplate.RECEIVE_TIMEOUT_NO_WAIT);
		assertThat(this.jms.receive("jobs")).as("sent back").isNull();
	}

	private Stream<String> rejected() throws IOException {
		Path directory = this.data.resolve("rejected");
		if (!Files.isDirectory(directory)) {
			return Stream.empty();
		}
		List<String> reasons = new ArrayList<>();
		try (Stream<Path> files = Files.list(directory)) {
			for (Path file : files.filter((one) -> one.toString().endsWith(".reason.json")).toList()) {
				reasons.add(Files.readString(file));
			}
		}
		return reasons.stream();
	}

	static class Payload implements Serializable {

		private void readObject(ObjectInputStream stream) {
			deserialised.set(true);
		}

	}

}
