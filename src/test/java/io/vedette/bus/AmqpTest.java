package io.vedette.bus;

import io.vedette.standin.TcpProxy;

import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterAll;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** AMQP 1.0 as docs/bus-amqp.md has it. */
class AmqpTest extends JmsContract {

	private static final TcpProxy proxy = TcpProxy.cutFrom(Artemis.port());

	AmqpTest() {
		super(new JmsConnectionFactory("amqp://127.0.0.1:" + Artemis.port()));
	}

	@DynamicPropertySource
	static void follow(DynamicPropertyRegistry registry) {
		Recipe.of("bus-amqp.md")
			.with("5672", Integer.toString(proxy.port()))
			.with("amqp:queue:jobs", "amqp:queue:" + jobs("amqp"))
			.with("amqp:queue:faces", "amqp:queue:" + faces("amqp"))
			.apply(registry);
		registry.add("camel.component.amqp.password", () -> "any");
	}

	@AfterAll
	static void cleanUp() {
		proxy.cut();
	}

	@Override
	protected String name() {
		return "amqp";
	}

	@Override
	protected TcpProxy broker() {
		return proxy;
	}

}
