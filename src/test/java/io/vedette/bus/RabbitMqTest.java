package io.vedette.bus;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.vedette.RunningVedette;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** RabbitMQ as intake and as target, where one answers on this machine. */
@EnabledIf("isThere")
@TestPropertySource(properties = {
		"vedette.intakes.rabbit.uri=spring-rabbitmq:vedette-test?queues=vedette-test-jobs&routingKey=jobs&autoDeclare=true",
		"vedette.targets.rabbit.uri=spring-rabbitmq:vedette-test?queues=vedette-test-faces&routingKey=faces&autoDeclareProducer=true",
		"vedette.targets.files.uri=" })
class RabbitMqTest extends RunningVedette {

	@Autowired
	private RabbitTemplate rabbit;

	@Autowired
	private AmqpAdmin admin;

	static boolean isThere() {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress("127.0.0.1", 5672), 1000);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@AfterEach
	void emptyQueues() {
		this.admin.purgeQueue("vedette-test-jobs");
		this.admin.purgeQueue("vedette-test-faces");
	}

	@Test
	void takesRequestsFromAQueueAndPutsEveryFaceOnAnother() {
		String id = newId("rabbit");
		standIn.akool(id).withFaces(2);

		this.rabbit.convertAndSend("vedette-test", "jobs",
				"[{\"provider\":\"akool\",\"jobId\":\"%s\"},{\"provider\":\"nobody\",\"jobId\":\"x\"}]".formatted(id));

		List<String> received = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			Message event = this.rabbit.receive("vedette-test-faces", 20_000);
			assertThat(event).isNotNull();
			String body = new String(event.getBody(), StandardCharsets.UTF_8);
			assertThat(event.getMessageProperties().getMessageId()).isEqualTo(parse(body).path("id").asText());
			received.add(event.getMessageProperties().getMessageId());
		}
		assertThat(received).containsExactlyInAnyOrder("akool:" + id + ":face:0", "akool:" + id + ":face:1",
				"akool:" + id + ":job");
		assertThat(this.rabbit.receive("vedette-test-jobs", 500)).as("sent back").isNull();
	}

}
