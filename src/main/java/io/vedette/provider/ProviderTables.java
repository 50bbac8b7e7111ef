package io.vedette.provider;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.vedette.config.ConfigurationProblem;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.RouteTemplateParameterDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spring.boot.CamelContextConfiguration;

import org.springframework.stereotype.Component;

/**
 * The tables of the providers: those routes {@code ask-<provider>} that are made from the
 * template {@code ask-provider}. Any other such route is written by hand.
 */
@Component
class ProviderTables implements CamelContextConfiguration {

	private static final String TEMPLATE = "ask-provider";

	/** The parameter that tells a table from other templates' routes. */
	private static final String MARK = "means";

	private static final String FORMER_STEP = "direct:read-reply";

	private final Map<String, ProviderTable> tables = new ConcurrentHashMap<>();

	/**
	 * Reads all of them, once the routes are loaded and before they start.
	 * @throws ConfigurationProblem if one can't be read, or has no possible name
	 */
	@Override
	public void beforeApplicationStart(CamelContext camel) {
		for (String provider : Providers.names(camel)) {
			String routeId = Providers.ROUTE_PREFIX + provider;
			if (!provider.matches("[a-z0-9][a-z0-9-]{0,99}")) {
				throw new ConfigurationProblem(
						"route \"%s\": the provider's name is not made of lower-case letters, digits and hyphens."
							.formatted(routeId),
						"Rename it, as in ask-magic-hour.");
			}
			RouteDefinition route = ((ModelCamelContext) camel).getRouteDefinition(routeId);
			if (isTable(route)) {
				this.tables.put(provider, new TableReader(routeId, values(camel, route)).read(known(camel)));
			}
			else {
				refuseFormerStep(route);
			}
		}
	}

	@Override
	public void afterApplicationStart(CamelContext camel) {
		// Nothing is left to read.
	}

	/** Camel would wait for that route at each poll. */
	private static void refuseFormerStep(RouteDefinition route) {
		boolean sends = ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)
			.stream()
			.anyMatch((to) -> FORMER_STEP.equals(to.getUri()));
		if (sends) {
			throw new ConfigurationProblem(
					"route \"%s\": sends to \"%s\", which is no more; expected a table, or a route that reads the reply itself."
						.formatted(route.getId(), FORMER_STEP),
					"Make it a table as in routes/ask-crun.camel.yaml, or read the reply as CONTRIBUTING.md shows under By hand.");
		}
	}

	private static boolean isTable(RouteDefinition route) {
		return route.getTemplateParameters() != null && route.getTemplateParameters().containsKey(MARK);
	}

	private static List<String> known(CamelContext camel) {
		RouteTemplateDefinition template = ((ModelCamelContext) camel).getRouteTemplateDefinition(TEMPLATE);
		return template.getTemplateParameters().stream().map(RouteTemplateParameterDefinition::getName).toList();
	}

	private static Map<String, String> values(CamelContext camel, RouteDefinition route) {
		Map<String, String> values = new LinkedHashMap<>();
		route.getTemplateParameters().forEach((name, value) -> values.put(name, value(camel, route, name, value)));
		return values;
	}

	private static String value(CamelContext camel, RouteDefinition route, String name, Object value) {
		try {
			return camel.resolvePropertyPlaceholders(String.valueOf(value));
		}
		catch (IllegalArgumentException ex) {
			throw new ConfigurationProblem(
					"route \"%s\", parameter \"%s\": %s.".formatted(route.getId(), name, ex.getMessage()),
					"Set the key, or write its default behind it, as in {{key:https://api.example.com}}.");
		}
	}

	/** The table of a provider whose route is made from one. */
	ProviderTable get(String provider) {
		return this.tables.get(provider);
	}

}
