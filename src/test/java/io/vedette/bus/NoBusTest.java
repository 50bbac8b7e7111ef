package io.vedette.bus;

import io.vedette.RunningVedette;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** Without a bus in its configuration Vedette makes nothing that would reach for one. */
class NoBusTest extends RunningVedette {

	@Autowired
	private ApplicationContext application;

	@Test
	void makesNoConnectionsToABroker() {
		assertThat(this.application
			.getBeanNamesForType(org.springframework.amqp.rabbit.connection.ConnectionFactory.class)).isEmpty();
		assertThat(this.application.getBeanNamesForType(jakarta.jms.ConnectionFactory.class)).isEmpty();
	}

}
