package io.vedette.delivery;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

import io.vedette.config.ConfigurationProblem;
import io.vedette.config.EndpointCheck;
import io.vedette.config.VedetteProperties;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Constants;
import org.apache.camel.support.SimpleTypeConverter;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

import org.springframework.stereotype.Component;

/**
 * Makes a route {@code deliver-to-<target>} for each target, from the template of its
 * kind.
 */
@Component
class TargetRoutes extends RouteBuilder {

	/**
	 * A file is written under a name that readers pass over, then renamed; a second
	 * attempt writes it anew.
	 */
	private static final Map<String, Object> FILE_OPTIONS = Map.of("tempPrefix", ".", "fileExist", "Override");

	/** What an endpoint's URI says where the operator left it out, by scheme. */
	private static final Map<String, Map<String, Object>> DEFAULTS = Map.of("file", FILE_OPTIONS, "spring-rabbitmq",
			Map.of("messageConverter", "#rabbitMqMessages"));

	/**
	 * What a transport takes as the key or id of a message, by scheme.
	 */
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
	public void configure() {
		getContext().getTypeConverterRegistry()
			.addTypeConverter(MqttProperties.class, String.class,
					new SimpleTypeConverter(false, (type, exchange, id) -> mqttProperties((String) id)));
		this.targets.names().forEach((name) -> addRoute(name, this.properties.targets().get(name)));
	}

	private void addRoute(String name, VedetteProperties.Target target) {
		String key = "vedette.targets." + name;
		Targets.Kind kind = Targets.kind(target);
		EndpointCheck.name(key, name);
		if (kind == Targets.Kind.WEBHOOK) {
			EndpointCheck.webAddress(key + ".uri", target.uri());
			checkSecret(key, target);
		}
		else {
			EndpointCheck.resolve(getContext(), key + ".uri", target.uri());
		}
		String uri = EndpointCheck.withDefaults(target.uri(), DEFAULTS
			.getOrDefault((kind == Targets.Kind.WEBHOOK) ? "" : EndpointCheck.scheme(target.uri()), Map.of()));
		templatedRoute(Targets.ROUTE_PREFIX + kind.name().toLowerCase(Locale.ROOT)).routeId(Targets.ROUTE_PREFIX + name)
			.parameters(Map.of("target", name, "uri", uri, "images", Boolean.toString(target.images()), "idHeader",
					idHeader(target.uri())));
		if (kind == Targets.Kind.FILES) {
			templatedRoute("save-picture").routeId("save-picture-" + name)
				.parameters(Map.of("target", name, "uri", uri));
		}
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
