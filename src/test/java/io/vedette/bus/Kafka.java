package io.vedette.bus;

import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** A Kafka in this JVM. */
public final class Kafka {

	private static final EmbeddedKafkaKraftBroker BROKER = start();

	private Kafka() {
	}

	/** Host and port. */
	public static String brokers() {
		return BROKER.getBrokersAsString();
	}

	static int port() {
		return Integer.parseInt(brokers().replaceFirst(".*:", ""));
	}

	/** Makes topics of one partition. */
	public static void topics(String... names) {
		BROKER.addTopics(names);
	}

	private static EmbeddedKafkaKraftBroker start() {
		EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, 1);
		broker.afterPropertiesSet();
		return broker;
	}

}
