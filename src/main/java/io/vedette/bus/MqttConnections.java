package io.vedette.bus;

import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Component;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Configuration;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Consumer;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Endpoint;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.RouteController;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttClientPersistence;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * The {@code paho-mqtt5:} component with consumers that come back to a session in which
 * messages wait: by itself it passes over those that arrive before it has said who takes
 * them, and subscribes again in the thread that takes them, for which they wait.
 */
@Lazy
@Component("paho-mqtt5")
// By this Camel finds the options of the endpoints.
@org.apache.camel.spi.annotations.Component("paho-mqtt5")
class MqttConnections extends PahoMqtt5Component {

	private static final Logger logger = LoggerFactory.getLogger(MqttConnections.class);

	/**
	 * Of a lost connection, in seconds: two clients of one id take it from each other.
	 */
	private static final long LOOK_AGAIN = 1;

	/** For the broker's answer, in milliseconds. The client itself waits for ever. */
	private static final long PATIENCE = 30_000;

	@Override
	protected Endpoint createEndpoint(String uri, String topic, Map<String, Object> parameters) throws Exception {
		PahoMqtt5Endpoint endpoint = new Topic(uri, topic, this, getConfiguration().copy());
		endpoint.setClient(getClient());
		setProperties(endpoint, parameters);
		return endpoint;
	}

	private static final class Topic extends PahoMqtt5Endpoint {

		Topic(String uri, String topic, PahoMqtt5Component component, PahoMqtt5Configuration configuration) {
			super(uri, topic, component, configuration);
		}

		@Override
		public Consumer createConsumer(Processor processor) throws Exception {
			// An operator's own client is connected already, and comes back by itself.
			if (getClient() != null) {
				return super.createConsumer(processor);
			}
			Subscriber consumer = new Subscriber(this, processor);
			configureConsumer(consumer);
			return consumer;
		}

		private Client newClient() throws MqttException {
			PahoMqtt5Configuration settings = getConfiguration();
			MqttConnectionOptions options = createMqttConnectionOptions();
			options.setAutomaticReconnect(false);
			Client client = new Client(settings.getBrokerUrl(),
					(settings.getClientId() != null) ? settings.getClientId() : generateClientId(),
					createMqttClientPersistence(settings), options);
			client.setManualAcks(settings.isManualAcksEnabled());
			return client;
		}

	}

	/** Its route is started anew, with a new client, when the connection is lost. */
	private static final class Subscriber extends PahoMqtt5Consumer {

		private ScheduledExecutorService watch;

		Subscriber(Topic topic, Processor processor) {
			super(topic, processor);
		}

		@Override
		protected void doStart() throws Exception {
			setClient(((Topic) getEndpoint()).newClient());
			super.doStart();
			this.watch = threads().newSingleThreadScheduledExecutor(this, "mqtt-connection");
			this.watch.scheduleWithFixedDelay(this::startAnewIfLost, LOOK_AGAIN, LOOK_AGAIN, TimeUnit.SECONDS);
		}

		private void startAnewIfLost() {
			MqttClient client = getClient();
			CamelContext camel = getEndpoint().getCamelContext();
			String route = getRouteId();
			// A stop that breaks off a message can leave its route without redelivery.
			if (client == null || client.isConnected() || camel.getInflightRepository().size(route) > 0) {
				return;
			}
			logger.warn("{} has lost its broker and is started anew", route);
			RouteController routes = camel.getRouteController();
			try {
				routes.stopRoute(route);
				routes.startRoute(route);
			}
			catch (Exception ex) {
				logger.debug("{} is tried again until it can be started", route, ex);
			}
		}

		@Override
		protected void doStop() throws Exception {
			if (this.watch != null) {
				threads().shutdown(this.watch);
			}
			MqttClient client = getClient();
			super.doStop();
			if (client != null) {
				if (client.isConnected()) {
					client.disconnect();
				}
				client.close(true);
			}
		}

		private ExecutorServiceManager threads() {
			return getEndpoint().getCamelContext().getExecutorServiceManager();
		}

	}

	/** Connects once it is known who takes the messages that wait for it. */
	private static final class Client extends MqttClient {

		private final MqttConnectionOptions options;

		Client(String broker, String id, MqttClientPersistence persistence, MqttConnectionOptions options)
				throws MqttException {
			super(broker, id, persistence);
			this.options = options;
			setTimeToWait(PATIENCE);
		}

		@Override
		public IMqttToken subscribe(String topic, int qos) throws MqttException {
			connect(this.options);
			return super.subscribe(topic, qos);
		}

	}

}
