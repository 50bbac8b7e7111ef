package io.vedette.bus;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

import io.vedette.standin.TcpProxy;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Kafka as docs/bus-kafka.md has it. */
class KafkaTest extends BusContract {

	private static final String JOBS = "jobs-" + RUN;

	private static final String FACES = "faces-" + RUN;

	private static final String GROUP = "group-" + RUN;

	private static final TcpProxy proxy = TcpProxy.cutFrom(Kafka.port());

	private static final KafkaProducer<String, String> producer = new KafkaProducer<>(
			Map.of("bootstrap.servers", Kafka.brokers()), new StringSerializer(), new StringSerializer());

	private static final KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
			Map.of("bootstrap.servers", Kafka.brokers(), "group.id", "test-" + RUN, "auto.offset.reset", "earliest"),
			new StringDeserializer(), new StringDeserializer());

	private static final Deque<Event> events = new ArrayDeque<>();

	@DynamicPropertySource
	static void follow(DynamicPropertyRegistry registry) {
		Kafka.topics(JOBS, FACES);
		consumer.subscribe(List.of(FACES));
		Recipe.of("bus-kafka.md")
			.with("9092", Integer.toString(proxy.port()))
			.with("kafka:jobs?", "kafka:" + JOBS + "?groupId=" + GROUP + "&maxPollIntervalMs=7000&")
			.with("kafka:faces", "kafka:" + FACES)
			.apply(registry);
	}

	@AfterAll
	static void cleanUp() {
		proxy.cut();
		producer.close();
		consumer.close();
	}

	@Override
	protected String name() {
		return "kafka";
	}

	@Override
	protected TcpProxy broker() {
		return proxy;
	}

	@Override
	protected void send(String body) throws Exception {
		producer.send(new ProducerRecord<>(JOBS, body)).get();
	}

	@Override
	protected Event receive() {
		consumer.poll(Duration.ofSeconds(1)).forEach((event) -> events.add(event(event)));
		return events.poll();
	}

	private static Event event(ConsumerRecord<String, String> event) {
		return new Event(event.key(),
				new String(event.headers().lastHeader("content-type").value(), StandardCharsets.UTF_8), event.value());
	}

	@Test
	void joinsItsGroupAgainAfterALongOutageOfTheDatabase() throws Exception {
		String[] ids = { newId("first"), newId("second"), newId("third") };
		this.database.cut();
		for (String id : ids) {
			send(jobRequest(id));
		}
		awaitInTheWorks();
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) Kafka.brokers()))) {
			patiently().until(() -> admin.describeConsumerGroups(List.of(GROUP))
				.describedGroups()
				.get(GROUP)
				.get()
				.members()
				.isEmpty());
		}
		this.database.mend();
		for (String id : ids) {
			awaitKnown(id);
		}
		assertThat(this.camel.getRouteController().getRouteStatus("take-in-kafka").isStarted()).isTrue();
		String next = newId("next");
		send(jobRequest(next));
		awaitKnown(next);
	}

}
