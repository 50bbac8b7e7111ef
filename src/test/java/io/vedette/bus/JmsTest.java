package io.vedette.bus;

import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.concurrent.atomic.AtomicBoolean;

import io.vedette.standin.TcpProxy;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Artemis by JMS as docs/bus-jms.md has it. */
class JmsTest extends JmsContract {

	private static final TcpProxy proxy = TcpProxy.cutFrom(Artemis.port());

	private static final AtomicBoolean deserialised = new AtomicBoolean();

	JmsTest() {
		super(new ActiveMQConnectionFactory("tcp://127.0.0.1:" + Artemis.port()));
	}

	@DynamicPropertySource
	static void follow(DynamicPropertyRegistry registry) {
		Recipe.of("bus-jms.md")
			.with("61616", Integer.toString(proxy.port()))
			.with("jms:queue:jobs", "jms:queue:" + jobs("artemis"))
			.with("jms:queue:faces", "jms:queue:" + faces("artemis"))
			.apply(registry);
	}

	@AfterAll
	static void cleanUp() {
		proxy.cut();
	}

	@Override
	protected String name() {
		return "artemis";
	}

	@Override
	protected TcpProxy broker() {
		return proxy;
	}

	@Test
	void setsAnObjectMessageAsideWithoutReadingIt() {
		jms().send(jobs(name()), (session) -> session.createObjectMessage(new Payload()));
		String id = newId("behind");
		send(jobRequest(id));
		awaitKnown(id);
		assertThat(deserialised).isFalse();
		patiently().untilAsserted(() -> assertThat(rejected("ObjectMessage")).isNotEmpty());
	}

	@Test
	void answersToNoAddressThatASenderChose() throws JMSException {
		String id = newId("reply");
		String replies = "replies-" + RUN;
		jms().send(jobs(name()), (session) -> {
			Message message = session.createTextMessage(jobRequest(id));
			message.setJMSReplyTo(new ActiveMQQueue(replies));
			return message;
		});
		awaitKnown(id);
		assertThat(jms().receive(replies)).isNull();
	}

	static class Payload implements Serializable {

		private void readObject(ObjectInputStream stream) {
			deserialised.set(true);
		}

	}

}
