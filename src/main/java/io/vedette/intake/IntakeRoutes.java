package io.vedette.intake;

import java.util.Map;
import java.util.Set;

import io.vedette.config.EndpointCheck;
import io.vedette.config.VedetteProperties;
import org.apache.camel.builder.RouteBuilder;

import org.springframework.stereotype.Component;

/**
 * Makes a route {@code take-in-<intake>} for each intake, from the template of its kind.
 */
@Component
class IntakeRoutes extends RouteBuilder {

	/**
	 * What a directory is read with. A file is taken once it has been left alone for a
	 * second, and not while it bears the name of an upload under way; where it goes
	 * afterwards is decided by the route.
	 */
	private static final Map<String, Object> FILE_OPTIONS = Map.of("move", "${variable.moveTo}", "readLock", "changed",
			"readLockMinAge", "1000", "readLockMinLength", "0", "readLockLoggingLevel", "OFF", "exclude",
			"(?i).*[.](tmp|part|filepart|swp)", "delay", "500", "maxMessagesPerPoll", "100", "sortBy", "file:modified");

	/** Components that read JMS messages. */
	private static final Set<String> JMS = Set.of("jms", "amqp", "activemq", "activemq6");

	private final VedetteProperties properties;

	IntakeRoutes(VedetteProperties properties) {
		this.properties = properties;
	}

	@Override
	public void configure() {
		this.properties.intakes().forEach((name, intake) -> {
			if (!intake.uri().isBlank()) {
				String key = "vedette.intakes." + name;
				EndpointCheck.name(key, name);
				EndpointCheck.resolve(getContext(), key + ".uri", intake.uri());
				String scheme = intake.uri().split(":")[0];
				templatedRoute(scheme.equals("file") ? "take-in-files" : "take-in-messages").routeId("take-in-" + name)
					.parameters(Map.of("intake", name, "uri", withDefaults(scheme, intake.uri())));
			}
		});
	}

	private static String withDefaults(String scheme, String uri) {
		if (scheme.equals("file")) {
			return EndpointCheck.withDefaults(uri, FILE_OPTIONS);
		}
		return JMS.contains(scheme) ? EndpointCheck.withDefaults(uri, Map.of("messageConverter", "#jmsText")) : uri;
	}

}
