package io.vedette.bus;

import io.vedette.standin.LocalServer;
import io.vedette.standin.TcpProxy;

import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.condition.EnabledIf;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** MQTT 5 with Mosquitto, where one answers on this machine. */
@EnabledIf("isThere")
class MosquittoTest extends MqttContract {

	private static final String NAME = "mosquitto-" + RUN;

	private static final TcpProxy proxy = TcpProxy.cutFrom(LocalServer.MOSQUITTO);

	MosquittoTest() {
		super(LocalServer.MOSQUITTO);
	}

	static boolean isThere() {
		return LocalServer.isThere(LocalServer.MOSQUITTO);
	}

	@DynamicPropertySource
	static void follow(DynamicPropertyRegistry registry) {
		follow(registry, proxy, NAME);
	}

	@AfterAll
	static void cleanUp() throws MqttException {
		proxy.cut();
		cleanUp(LocalServer.MOSQUITTO, NAME);
	}

	@Override
	protected String run() {
		return NAME;
	}

	@Override
	protected TcpProxy broker() {
		return proxy;
	}

}
