package io.vedette.bus;

import java.util.Map;

import org.apache.camel.Endpoint;
import org.apache.camel.component.amqp.AMQPComponent;
import org.apache.camel.component.jms.JmsConfiguration;
import org.apache.qpid.jms.JmsConnectionFactory;

import org.springframework.context.annotation.Lazy;
import org.springframework.jms.connection.CachingConnectionFactory;
import org.springframework.stereotype.Component;

/**
 * The {@code amqp:} component with connections and producers that are kept: by itself it
 * connects anew for every event.
 */
@Lazy
@Component("amqp")
class AmqpConnections extends AMQPComponent {

	/** As many messages as a target may have under way. */
	private static final int MOST_SESSIONS = 256;

	@Override
	protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
		// Only now is the configuration known: this is a bean, and initialised before.
		if (getBrokerUrl() != null) {
			keepConnections(getConfiguration());
		}
		return super.createEndpoint(uri, remaining, parameters);
	}

	private void keepConnections(JmsConfiguration jms) {
		JmsConnectionFactory connections = new JmsConnectionFactory(jms.getUsername(), jms.getPassword(),
				getBrokerUrl());
		connections.setTopicPrefix("topic://");
		CachingConnectionFactory kept = new CachingConnectionFactory(connections);
		kept.setSessionCacheSize(MOST_SESSIONS);
		// A consumer that is kept when its route stops would go on taking messages, for
		// nobody.
		kept.setCacheConsumers(false);
		jms.setConnectionFactory(kept);
		// Kept connections are all of one user, who is not to be asked for again.
		jms.setUsername(null);
		jms.setPassword(null);
		setBrokerUrl(null);
	}

}
