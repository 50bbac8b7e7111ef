package io.vedette.bus;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.vedette.standin.TcpProxy;

import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.test.context.DynamicPropertyRegistry;

/** MQTT 5 as docs/bus-mqtt.md has it, at any broker. */
abstract class MqttContract extends BusContract {

	private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

	private final int server;

	private MqttClient client;

	MqttContract(int server) {
		this.server = server;
	}

	static void follow(DynamicPropertyRegistry registry, TcpProxy proxy, String run) {
		Recipe.of("bus-mqtt.md")
			.with("1883", Integer.toString(proxy.port()))
			.with("vedette/jobs", "vedette-test/jobs-" + run)
			.with("vedette/faces", "vedette-test/faces-" + run)
			.apply(registry);
		registry.add("vedette.node", () -> node(run));
	}

	private static String node(String run) {
		return "node-" + run;
	}

	/** Has the broker forget the session of the intake. */
	static void cleanUp(int server, String run) throws MqttException {
		MqttClient successor = new MqttClient("tcp://127.0.0.1:" + server, "vedette-" + node(run) + "-mqtt",
				new MemoryPersistence());
		successor.connect();
		successor.disconnect();
		successor.close();
	}

	/** Makes topics those of this class. */
	protected abstract String run();

	@BeforeEach
	void subscribe() throws MqttException {
		this.client = new MqttClient("tcp://127.0.0.1:" + this.server, "vedette-test-" + newId(run()),
				new MemoryPersistence());
		this.client.connect();
		MqttSubscription faces = new MqttSubscription("vedette-test/faces-" + run(), 1);
		this.client.subscribe(new MqttSubscription[] { faces },
				new org.eclipse.paho.mqttv5.client.IMqttMessageListener[] {
						(topic, message) -> this.events.add(event(message)) });
		patiently().until(() -> this.camel.getRouteController().getRouteStatus("take-in-mqtt").isStarted());
	}

	@AfterEach
	void disconnect() throws MqttException {
		this.client.disconnect();
		this.client.close();
	}

	@Test
	void takesAllThatHasComeWhileItWasStopped() throws Exception {
		for (int i = 0; i < 3; i++) {
			stopIntake();
			List<String> ids = sendMany();
			startIntake();
			ids.forEach(this::awaitKnown);
		}
	}

	private static Event event(MqttMessage message) {
		MqttProperties properties = message.getProperties();
		return new Event(new String(properties.getCorrelationData(), StandardCharsets.UTF_8),
				properties.getContentType(), new String(message.getPayload(), StandardCharsets.UTF_8));
	}

	@Override
	protected String name() {
		return "mqtt";
	}

	@Override
	protected void send(String body) throws MqttException {
		this.client.publish("vedette-test/jobs-" + run(), body.getBytes(StandardCharsets.UTF_8), 1, false);
	}

	@Override
	protected Event receive() throws InterruptedException {
		return this.events.poll(1, TimeUnit.SECONDS);
	}

}
