package io.vedette.bus;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.TextMessage;

import org.junit.jupiter.api.AfterEach;

import org.springframework.jms.connection.CachingConnectionFactory;
import org.springframework.jms.core.JmsTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** A bus whose other end is a JMS client. */
abstract class JmsContract extends BusContract {

	private final CachingConnectionFactory connections;

	private final JmsTemplate jms;

	JmsContract(ConnectionFactory broker) {
		this.connections = new CachingConnectionFactory(broker);
		this.jms = new JmsTemplate(this.connections);
		this.jms.setReceiveTimeout(1000);
	}

	/** A kept consumer would fetch what the next test waits for. */
	@AfterEach
	void disconnect() {
		this.connections.destroy();
	}

	protected static String jobs(String bus) {
		return "jobs-" + bus + RUN;
	}

	protected static String faces(String bus) {
		return "faces-" + bus + RUN;
	}

	protected JmsTemplate jms() {
		return this.jms;
	}

	@Override
	protected void send(String body) {
		this.jms.convertAndSend(jobs(name()), body);
	}

	@Override
	protected Event receive() throws JMSException {
		TextMessage event = (TextMessage) this.jms.receive(faces(name()));
		if (event == null) {
			return null;
		}
		assertThat(event.getJMSDeliveryMode()).isEqualTo(jakarta.jms.DeliveryMode.PERSISTENT);
		return new Event(event.getJMSCorrelationID(), event.getStringProperty("content_HYPHEN_type"), event.getText());
	}

}
