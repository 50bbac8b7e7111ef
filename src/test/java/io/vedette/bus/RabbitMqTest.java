package io.vedette.bus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

import io.vedette.standin.LocalServer;
import io.vedette.standin.TcpProxy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.DirectExchange;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.QueueBuilder.Overflow;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** RabbitMQ as docs/bus-rabbitmq.md has it, where one answers on this machine. */
@EnabledIf("isThere")
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
	}

	@AfterAll
	static void cleanUp() {
		proxy.cut();
		RabbitAdmin admin = new RabbitAdmin(connections);
		admin.deleteQueue(queue("jobs"));
		admin.deleteQueue(queue("faces"));
		admin.deleteQueue(queue("full"));
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

	private static Event event(Message message) {
		return (message == null) ? null
				: new Event(message.getMessageProperties().getMessageId(),
						message.getMessageProperties().getHeader("content-type"),
						new String(message.getBody(), StandardCharsets.UTF_8));
	}

}
