package io.vedette.intake;

import java.nio.file.FileSystems;
import java.util.Map;

import io.vedette.config.ConfigurationProblem;
import io.vedette.config.EndpointCheck;
import io.vedette.config.VedetteProperties;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

import org.springframework.stereotype.Component;

/**
 * Makes a route {@code take-in-<intake>} for each intake, from the template of its kind,
 * and the route to the rejected place.
 */
@Component
class IntakeRoutes extends RouteBuilder {

	/**
	 * A file is written under a name that readers pass over, then renamed; a directory
	 * that is made for it is nobody else's to read.
	 */
	private static final Map<String, Object> REJECTED_FILE_OPTIONS = Map.of("tempPrefix", ".", "chmodDirectory", "700");

	/**
	 * What the URI of the rejected place says where the operator left it out, by scheme.
	 */
	private static final Map<String, Map<String, Object>> REJECTED_DEFAULTS = Map.of("file", REJECTED_FILE_OPTIONS,
			"spring-rabbitmq", Map.of("arg.queue.durable", "true"));

	private static final String ROUTE_PREFIX = "take-in-";

	private final VedetteProperties properties;

	private final IntakeDefaults defaults;

	IntakeRoutes(VedetteProperties properties, IntakeDefaults defaults) {
		this.properties = properties;
		this.defaults = defaults;
	}

	@Override
	public void configure() {
		this.properties.intakes().forEach((name, intake) -> {
			if (!intake.uri().isBlank()) {
				takeIn(name, intake);
			}
		});
		setAside();
	}

	private void takeIn(String name, VedetteProperties.Intake intake) {
		String uri = intake.uri();
		String key = "vedette.intakes." + name;
		EndpointCheck.name(key, name);
		EndpointCheck.resolve(getContext(), key + ".uri", uri);
		templatedRoute(isDirectory(uri) ? "take-in-files" : "take-in-messages").routeId(ROUTE_PREFIX + name)
			.parameters(Map.of("intake", name, "uri",
					EndpointCheck.withDefaults(uri, this.defaults.of(getContext(), name, intake))));
	}

	private void setAside() {
		String uri = this.properties.rejected().uri();
		if (uri.isBlank()) {
			throw new ConfigurationProblem("\"vedette.rejected.uri\": blank; what can't be taken has to go somewhere.",
					"Set it to file:DIR or another Camel endpoint URI, or leave the key out.");
		}
		EndpointCheck.resolve(getContext(), "vedette.rejected.uri", uri);
		templatedRoute("set-aside").routeId("set-aside")
			.parameters(Map.of("uri", EndpointCheck.withDefaults(uri,
					REJECTED_DEFAULTS.getOrDefault(EndpointCheck.scheme(uri), Map.of()))));
	}

	/** Name of the intake that an exchange came in by, or of a team's own route. */
	static String intakeOf(Exchange exchange) {
		String route = exchange.getFromRouteId();
		return route.startsWith(ROUTE_PREFIX) ? route.substring(ROUTE_PREFIX.length()) : route;
	}

	static boolean isDirectory(String uri) {
		return uri.startsWith("file:");
	}

}
