package io.vedette.delivery;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import io.vedette.config.ConfigurationProblem;
import io.vedette.config.EndpointCheck;
import io.vedette.config.VedetteProperties;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Constants;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.SimpleTypeConverter;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

import org.springframework.stereotype.Component;

/**
 * Makes the routes of each target, once all templates are known:
 * {@code deliver-to-<target>} and, from the template of its kind, the leaf
 * {@code send-to-<target>}.
 */
@Component
class TargetRoutes implements CamelContextConfiguration {

	/**
	 * A file is written under a name that readers pass over, then renamed; a second
	 * attempt writes it anew.
	 */
	private static final Map<String, Object> FILE_OPTIONS = Map.of("tempPrefix", ".", "fileExist", "Override");

	/**
	 * What an endpoint's URI says where the operator left it out, by scheme. By itself
	 * the component declares queues that a restart of their broker empties.
	 */
	private static final Map<String, Map<String, Object>> DEFAULTS = Map.of("file", FILE_OPTIONS, "spring-rabbitmq",
			Map.of("messageConverter", "#rabbitMqMessages", "arg.queue.durable", "true"));

	/** What a transport takes as the key or id of a message, by scheme. */
	private static final Map<String, String> ID_HEADERS = Map.of("paho-mqtt5",
			PahoMqtt5Constants.CAMEL_PAHO_MSG_PROPERTIES, "kafka", "CamelKafkaKey", "spring-rabbitmq",
			"CamelSpringRabbitmqMessageId", "jms", "JMSCorrelationID", "activemq", "JMSCorrelationID", "activemq6",
			"JMSCorrelationID", "amqp", "JMSCorrelationID");

	private final VedetteProperties properties;

	private final Targets targets;

	TargetRoutes(VedetteProperties properties, Targets targets) {
		this.properties = properties;
		this.targets = targets;
	}

	@Override
	public void beforeApplicationStart(CamelContext camel) {
		camel.getTypeConverterRegistry()
			.addTypeConverter(MqttProperties.class, String.class,
					new SimpleTypeConverter(false, (type, exchange, id) -> mqttProperties((String) id)));
		this.targets.names().forEach((name) -> addRoutes(camel, name, this.properties.targets().get(name)));
	}

	@Override
	public void afterApplicationStart(CamelContext camel) {
		// The routes start with the others.
	}

	private void addRoutes(CamelContext camel, String name, VedetteProperties.Target target) {
		String key = "vedette.targets." + name;
		String kind = this.targets.kind(target);
		EndpointCheck.name(key, name);
		Map<String, Object> parameters = new HashMap<>(Map.of("target", name));
		switch (kind) {
			case Targets.WEBHOOK -> {
				EndpointCheck.webAddress(key + ".uri", target.uri());
				checkSecret(key, target);
			}
			case Targets.FILES, Targets.ENDPOINT -> {
				EndpointCheck.resolve(camel, key + ".uri", target.uri());
				parameters.put("uri", EndpointCheck.withDefaults(target.uri(),
						DEFAULTS.getOrDefault(EndpointCheck.scheme(target.uri()), Map.of())));
				parameters.put("idHeader", idHeader(target.uri()));
			}
			default -> parameters.put("uri", target.uri());
		}
		add(camel, Targets.LEAF_PREFIX + kind, Targets.LEAF_PREFIX + name, parameters);
		add(camel, "deliver-to-target", "deliver-to-" + name,
				Map.of("target", name, "concurrency", target.concurrency()));
		if (kind.equals(Targets.FILES)) {
			add(camel, "save-pictures", "save-pictures-" + name, parameters);
		}
	}

	private static void add(CamelContext camel, String template, String route, Map<String, Object> parameters) {
		TemplatedRouteBuilder.builder(camel, template).routeId(route).parameters(parameters).add();
	}

	/** Elsewhere the id goes into a header that Camel keeps to itself. */
	private static String idHeader(String uri) {
		return ID_HEADERS.getOrDefault(EndpointCheck.scheme(uri), "CamelCloudEventID");
	}

	/**
	 * MQTT 5 has properties where others have headers: the event's content type, and its
	 * id as correlation data.
	 */
	private static MqttProperties mqttProperties(String eventId) {
		MqttProperties properties = new MqttProperties();
		properties.setContentType(Event.CONTENT_TYPE);
		properties.setCorrelationData(eventId.getBytes(StandardCharsets.UTF_8));
		return properties;
	}

	private void checkSecret(String key, VedetteProperties.Target target) {
		String variable = key.toUpperCase(Locale.ROOT).replace('.', '_').replace("-", "") + "_SECRET";
		if (!target.secret().isPresent()) {
			throw new ConfigurationProblem("\"%s.secret\": missing; a webhook is never sent unsigned.".formatted(key),
					"Set the environment variable %s to whsec_ and 24 to 64 random bytes in base64, for example: echo whsec_$(openssl rand -base64 32)"
						.formatted(variable));
		}
		try {
			WebhookSignature.of(target.secret().value());
		}
		catch (IllegalArgumentException ex) {
			throw new ConfigurationProblem("\"%s.secret\": %s".formatted(key, ex.getMessage()),
					"Correct the environment variable %s.".formatted(variable));
		}
	}

}
