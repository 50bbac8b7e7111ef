package io.vedette.bus;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.vedette.RunningVedette;
import io.vedette.standin.TcpProxy;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A Kafka that can't be reached when Vedette starts and has something for it. */
@DirtiesContext
class KafkaAwayTest extends RunningVedette {

	private static final String FACES = "away-" + BusContract.RUN;

	private static final TcpProxy proxy = TcpProxy.cutFrom(Kafka.port());

	@DynamicPropertySource
	static void follow(DynamicPropertyRegistry registry) {
		Kafka.topics(FACES);
		Recipe.of("bus-kafka.md")
			.with("9092", Integer.toString(proxy.port()))
			.with("kafka:jobs", "kafka:jobs-" + FACES)
			.with("kafka:faces", "kafka:" + FACES)
			.apply(registry);
	}

	@AfterAll
	static void cleanUp() {
		proxy.cut();
	}

	@Test
	void failsAnAttemptInTimeAndDeliversOnceItIsThere() {
		String id = newId("kafka");
		standIn.crun(id).withFaces(1);
		register("crun", id);
		patiently().until(() -> job("crun", id).path("deliveries")
			.findValues("attempts")
			.stream()
			.anyMatch((attempts) -> attempts.asInt() > 0));
		proxy.mend();
		Set<String> keys = new TreeSet<>();
		try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
				Map.of("bootstrap.servers", Kafka.brokers(), "group.id", FACES, "auto.offset.reset", "earliest"),
				new StringDeserializer(), new StringDeserializer())) {
			consumer.subscribe(List.of(FACES));
			patiently().atMost(Duration.ofSeconds(90)).until(() -> {
				consumer.poll(Duration.ofSeconds(1)).forEach((event) -> keys.add(event.key()));
				return keys.equals(Set.of("crun:" + id + ":face:0", "crun:" + id + ":job"));
			});
		}
	}

}
