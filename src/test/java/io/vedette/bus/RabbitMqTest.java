package io.vedette.bus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.vedette.standin.LocalServer;
import io.vedette.standin.TcpProxy;

import org.apache.camel.spi.SupervisingRouteController;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.DirectExchange;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.QueueBuilder.Overflow;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/** RabbitMQ as docs/bus-rabbitmq.md has it, where one answers on this machine. */
@EnabledIf("isThere")
@ExtendWith(OutputCaptureExtension.class)
class RabbitMqTest extends BusContract {

	private static final String EXCHANGE = "vedette-test-" + RUN;

	private static final TcpProxy proxy = TcpProxy.cutFrom(LocalServer.RABBITMQ);

	private static final CachingConnectionFactory connections = new CachingConnectionFactory("127.0.0.1",
			LocalServer.RABBITMQ);

	private static final RabbitTemplate rabbit = new RabbitTemplate(connections);

	static boolean isThere() {
		return LocalServer.isThere(LocalServer.RABBITMQ);
	}

	@DynamicPropertySource
	static void follow(DynamicPropertyRegistry registry) {
		Recipe.of("bus-rabbitmq.md")
			.with("5672", Integer.toString(proxy.port()))
			.with("spring-rabbitmq:vedette?", "spring-rabbitmq:" + EXCHANGE + "?")
			.with("queues=jobs", "queues=" + queue("jobs"))
			.with("queues=faces", "queues=" + queue("faces"))
			.apply(registry);
		for (String queue : List.of("taken", "held")) {
			new RabbitAdmin(connections).declareQueue(QueueBuilder.nonDurable(queue(queue)).build());
		}
		registry.add("vedette.intakes.held.uri",
				() -> "spring-rabbitmq:%s?queues=%s&routingKey=held".formatted(EXCHANGE, queue("held")));
		registry.add("vedette.targets.taken.uri",
				() -> "spring-rabbitmq:%s?queues=%s&routingKey=taken&autoDeclareProducer=true".formatted(EXCHANGE,
						queue("taken")));
		registry.add("vedette.targets.taken.events", () -> "vedette.job.failed");
		registry.add("camel.routecontroller.back-off-delay", () -> "500");
		registry.add("camel.routecontroller.back-off-max-delay", () -> "1000");
	}

	@AfterAll
	static void cleanUp() {
		proxy.cut();
		RabbitAdmin admin = new RabbitAdmin(connections);
		admin.deleteQueue(queue("jobs"));
		admin.deleteQueue(queue("faces"));
		admin.deleteQueue(queue("full"));
		admin.deleteQueue(queue("taken"));
		admin.deleteQueue(queue("held"));
		admin.deleteExchange(EXCHANGE);
		connections.destroy();
	}

	private static String queue(String name) {
		return EXCHANGE + "-" + name;
	}

	@Override
	protected String name() {
		return "rabbit";
	}

	@Override
	protected TcpProxy broker() {
		return proxy;
	}

	@Override
	protected void send(String body) {
		RabbitAdmin admin = new RabbitAdmin(connections);
		patiently().until(() -> admin.getQueueInfo(queue("jobs")) != null
				&& admin.getQueueInfo(queue("jobs")).getConsumerCount() > 0);
		rabbit.convertAndSend(EXCHANGE, "jobs", body);
	}

	@Override
	protected Event receive() {
		RabbitAdmin admin = new RabbitAdmin(connections);
		if (admin.getQueueInfo(queue("faces")) == null) {
			return null;
		}
		return event(rabbit.receive(queue("faces"), 1000));
	}

	@Test
	void takesAMessageThatIsPackedByGzip() throws IOException {
		String id = newId("packed");
		send(jobRequest(newId("declares")));
		ByteArrayOutputStream packed = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
			gzip.write(jobRequest(id).getBytes(StandardCharsets.UTF_8));
		}
		MessageProperties properties = new MessageProperties();
		properties.setContentEncoding("gzip");
		rabbit.send(EXCHANGE, "jobs", new Message(packed.toByteArray(), properties));
		awaitKnown(id);
		properties.setContentEncoding("br");
		rabbit.send(EXCHANGE, "jobs", new Message(id.getBytes(StandardCharsets.UTF_8), properties));
		patiently().untilAsserted(() -> assertThat(rejected("content-encoding \\\"br\\\"")).hasSize(1));
	}

	@Test
	void triesAgainWhatTheBrokerDoesNotConfirm() throws Exception {
		send(jobRequest(newId("declares")));
		RabbitAdmin admin = new RabbitAdmin(connections);
		Queue full = QueueBuilder.nonDurable(queue("full")).maxLength(1L).overflow(Overflow.rejectPublish).build();
		patiently().until(() -> admin.getQueueInfo(queue("faces")) != null);
		admin.declareQueue(full);
		rabbit.convertAndSend(full.getName(), "fills it");
		admin.declareBinding(BindingBuilder.bind(full).to(new DirectExchange(EXCHANGE)).with("faces"));
		String id = newId("refused");
		standIn.crun(id).withFaces(1);
		register("crun", id);
		awaitAttempt(id);
		admin.deleteQueue(full.getName());
		awaitEnd("crun", id);
		assertThat(job("crun", id).path("deliveries").findValuesAsText("status")).containsOnly("DELIVERED");
		assertThat(awaitEvents(id, 2)).isNotEmpty();
	}

	@Test
	void keepsEventsWhereARestartOfTheBrokerLeavesThem() throws Exception {
		String id = newId("durable");
		standIn.crun(id).withFaces(1);
		send(jobRequest(id));
		assertThat(awaitEvents(id, 2)).hasSize(2);
		for (String queue : List.of(queue("jobs"), queue("faces"))) {
			declare((channel) -> channel.queueDeclare(queue, true, false, false, Map.of()));
			assertThatIOException()
				.isThrownBy(() -> declare((channel) -> channel.queueDeclare(queue, false, false, false, Map.of())))
				.havingCause()
				.withMessageContaining("PRECONDITION_FAILED");
		}
		declare((channel) -> channel.exchangeDeclare(EXCHANGE, "direct", true, false, Map.of()));
		assertThatIOException()
			.isThrownBy(() -> declare((channel) -> channel.exchangeDeclare(EXCHANGE, "direct", false, false, Map.of())))
			.havingCause()
			.withMessageContaining("PRECONDITION_FAILED");
	}

	@Test
	void saysThatAQueueIsThereWithOtherArguments(CapturedOutput output) {
		String why = "inequivalent arg 'durable' for queue '%s'".formatted(queue("taken"));
		proxy.cut();
		patiently().untilAsserted(() -> assertThat(taken().path("reason").asText()).contains("Connection refused"));
		proxy.mend();
		patiently().untilAsserted(
				() -> assertThat(taken().path("reason").asText()).startsWith("PRECONDITION_FAILED").contains(why));
		assertThat(taken().path("state").asText()).isEqualTo("not-started");
		String id = newId("taken");
		standIn.crun(id).failing();
		register("crun", id);
		patiently().untilAsserted(() -> assertThat(deliveries(id, "taken")).singleElement().satisfies((delivery) -> {
			assertThat(delivery.path("status").asText()).isEqualTo("PENDING");
			assertThat(delivery.path("reason").asText()).contains(why);
		}));
		JsonNode health = parse(get("/actuator/health").body());
		assertThat(health.at("/components/targets/status").asText()).isEqualTo("UP");
		assertThat(health.at("/components/targets/details/taken").asText()).startsWith("not-started: ").contains(why);
		assertThat(taken().path("pending").asInt()).isEqualTo(1);
		assertThat(Instant.parse(taken().path("oldestDueAt").asText())).isBeforeOrEqualTo(Instant.now());

		awaitAnotherFailure("send-to-taken");
		assertThat(output.toString().lines().filter((line) -> line.contains(why))).singleElement()
			.asString()
			.contains("WARN", "target taken can't be started", "vedette.targets.taken");

		RabbitAdmin admin = new RabbitAdmin(connections);
		admin.deleteQueue(queue("taken"));
		patiently().until(() -> admin.getQueueInfo(queue("taken")) != null);
		awaitEnd("crun", id);
		assertThat(rabbit.receive(queue("taken"), 10_000)).isNotNull();
		assertThat(taken().path("state").asText()).isEqualTo("open");
		assertThat(taken().get("reason").isNull()).isTrue();
	}

	@Test
	void takesFromAQueueOnceItIsNoLongerThereWithOtherArguments() {
		awaitAnotherFailure("take-in-held");
		RabbitAdmin admin = new RabbitAdmin(connections);
		admin.deleteQueue(queue("held"));
		patiently().until(() -> admin.getQueueInfo(queue("held")) != null
				&& admin.getQueueInfo(queue("held")).getConsumerCount() > 0);
		String id = newId("held");
		rabbit.convertAndSend(EXCHANGE, "held", jobRequest(id));
		awaitKnown(id);
	}

	/** Waits until a route that can't start has been tried twice more. */
	private void awaitAnotherFailure(String route) {
		SupervisingRouteController routes = this.camel.getRouteController().supervising();
		Throwable first = patiently().until(() -> routes.getRestartException(route), Objects::nonNull);
		patiently().until(() -> routes.getRestartException(route) != first);
	}

	private JsonNode taken() {
		return stream(parse(get("/targets").body()).path("targets"))
			.filter((target) -> target.path("target").asText().equals("taken"))
			.findFirst()
			.orElseThrow();
	}

	private List<JsonNode> deliveries(String id, String target) {
		return stream(job("crun", id).path("deliveries"))
			.filter((delivery) -> delivery.path("target").asText().equals(target))
			.toList();
	}

	private static Stream<JsonNode> stream(JsonNode array) {
		return StreamSupport.stream(array.spliterator(), false);
	}

	/** What a broker holds against a declaration ends its channel. */
	private static void declare(Declaration declaration) throws Exception {
		try (Connection connection = connections.getRabbitConnectionFactory().newConnection()) {
			declaration.by(connection.createChannel());
		}
	}

	private interface Declaration {

		void by(Channel channel) throws IOException;

	}

	private static Event event(Message message) {
		if (message != null) {
			assertThat(message.getMessageProperties().getReceivedDeliveryMode())
				.isEqualTo(MessageDeliveryMode.PERSISTENT);
		}
		return (message == null) ? null
				: new Event(message.getMessageProperties().getMessageId(),
						message.getMessageProperties().getHeader("content-type"),
						new String(message.getBody(), StandardCharsets.UTF_8));
	}

}
