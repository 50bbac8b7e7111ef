package io.vedette.bus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import io.vedette.standin.TcpProxy;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** A queue as the place for what can't be taken. */
@DirtiesContext
class RejectedPlaceTest extends RunningVedette {

	private static final TcpProxy proxy = TcpProxy.cutFrom(Artemis.port());

	private static final String QUEUE = "rejected-" + BusContract.RUN;

	private final JmsTemplate jms = new JmsTemplate(new ActiveMQConnectionFactory("tcp://127.0.0.1:" + Artemis.port()));

	@Autowired
	private CamelContext camel;

	@Autowired
	private ProducerTemplate producer;

	@DynamicPropertySource
	static void configure(DynamicPropertyRegistry registry) {
		registry.add("spring.artemis.broker-url", () -> "tcp://127.0.0.1:" + proxy.port());
		registry.add("vedette.rejected.uri", () -> "jms:queue:" + QUEUE);
		registry.add("vedette.intakes.calls.uri", () -> "direct:calls");
	}

	@AfterAll
	static void cleanUp() {
		proxy.cut();
	}

	@BeforeEach
	void mend() {
		proxy.mend();
		this.jms.setReceiveTimeout(30_000);
	}

	@Test
	void getsAnUnreadableMessageWithTheReason() {
		String text = "{\"jobId\":\"" + newId("cut");
		this.producer.sendBody("direct:calls", text);
		JsonNode rejected = receive();
		assertThat(rejected.path("source").asText()).isEqualTo("calls");
		assertThat(rejected.path("reason").asText()).contains("unreadable");
		assertThat(rejected.path("request").asText()).isEqualTo(text);
	}

	@Test
	void getsBytesThatAreNoTextAsTheyAre() throws IOException {
		byte[] bytes = { '{', (byte) 0xfc, '}' };
		this.producer.sendBody("direct:calls", bytes);
		assertThat(receive().path("requestBase64").binaryValue()).isEqualTo(bytes);
	}

	@Test
	void getsABadRequestWithTheReason() {
		String id = newId("unknown");
		this.producer.sendBody("direct:calls", "[{\"provider\":\"acool\",\"jobId\":\"" + id + "\"}]");
		JsonNode rejected = receive();
		assertThat(rejected.path("row").asInt()).isEqualTo(1);
		assertThat(rejected.path("reason").asText()).contains("provider \"acool\": unknown");
		assertThat(rejected.at("/request/jobId").asText()).isEqualTo(id);
	}

	@Test
	void getsTheReasonOfAnUnreadableFileThatStaysBesideItsIntake() throws IOException {
		Path inbox = Files.createDirectories(this.data.resolve("inbox"));
		String name = newId("broken") + ".json";
		Files.writeString(inbox.resolve(name), "{");
		JsonNode rejected = receive();
		assertThat(rejected.path("source").asText()).isEqualTo(name);
		assertThat(rejected.path("reason").asText()).contains("unreadable");
		patiently().until(() -> Files.isDirectory(inbox.resolve(".rejected")) && Files.notExists(inbox.resolve(name)));
		try (Stream<Path> files = Files.list(inbox.resolve(".rejected"))) {
			assertThat(files).singleElement().satisfies((file) -> assertThat(file.toString()).endsWith(name));
		}
	}

	@Test
	void isWaitedForByTheMessage() {
		String text = "{\"jobId\":\"" + newId("waits");
		proxy.cut();
		CompletableFuture<Void> taken = CompletableFuture.runAsync(() -> this.producer.sendBody("direct:calls", text));
		patiently().until(() -> this.camel.getInflightRepository().size("set-aside") > 0);
		assertThat(taken).isNotDone();
		proxy.mend();
		assertThat(receive().path("request").asText()).isEqualTo(text);
		patiently().until(taken::isDone);
		assertThat(taken).isCompletedWithValue(null);
	}

	private JsonNode receive() {
		String line = (String) this.jms.receiveAndConvert(QUEUE);
		assertThat(line).isNotNull();
		return parse(line);
	}

}
