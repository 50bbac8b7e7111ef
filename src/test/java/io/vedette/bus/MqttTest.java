package io.vedette.bus;

import io.vedette.standin.TcpProxy;

import org.junit.jupiter.api.AfterAll;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** MQTT 5 with Artemis. */
class MqttTest extends MqttContract {

	private static final String NAME = "artemis-" + RUN;

	private static final TcpProxy proxy = TcpProxy.cutFrom(Artemis.port());

	MqttTest() {
		super(Artemis.port());
	}

	@DynamicPropertySource
	static void follow(DynamicPropertyRegistry registry) {
		follow(registry, proxy, NAME);
	}

	@AfterAll
	static void cleanUp() {
		proxy.cut();
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
