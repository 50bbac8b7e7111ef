package io.vedette.provider;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.vedette.config.ConfigurationProblem;
import io.vedette.config.DidYouMean;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.RouteTemplateParameterDefinition;
import org.apache.camel.spring.boot.CamelContextConfiguration;

import org.springframework.stereotype.Component;

/**
 * The tables of the providers: those routes {@code ask-<provider>} that are made from the
 * template {@code ask-provider}, and those routes {@code submit-<provider>} that are made
 * from {@code submit-provider}. Any other such route is written by hand.
 */
@Component
public class ProviderTables implements CamelContextConfiguration {

	private static final String TEMPLATE = "ask-provider";

	private static final String SUBMIT_TEMPLATE = "submit-provider";

	/** The parameter that tells a table from other templates' routes. */
	private static final String MARK = "means";

	private final Map<String, ProviderTable> tables = new ConcurrentHashMap<>();

	private final Map<String, SubmitTable> submissions = new ConcurrentHashMap<>();

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
				this.tables.put(provider, new TableReader(routeId, values(camel, route)).read(known(camel, TEMPLATE)));
			}
			readSubmission(camel, provider);
		}
		((ModelCamelContext) camel).getRouteDefinitions()
			.stream()
			.filter((route) -> route.getId() != null && route.getId().startsWith(Providers.SUBMIT_PREFIX)
					&& isTable(route))
			.forEach((route) -> checkIsAsked(route.getId(), Providers.names(camel)));
	}

	/** Media that nobody asks for is submitted for nothing. */
	private static void checkIsAsked(String routeId, List<String> providers) {
		String provider = routeId.substring(Providers.SUBMIT_PREFIX.length());
		if (!providers.contains(provider)) {
			throw new ConfigurationProblem(
					"route \"%s\": no route ask-%s beside it; expected one of %s behind submit-.".formatted(routeId,
							provider, providers),
					DidYouMean.of(provider, providers) + "Correct the name, or add the table that asks.");
		}
	}

	private void readSubmission(CamelContext camel, String provider) {
		String routeId = Providers.SUBMIT_PREFIX + provider;
		RouteDefinition route = ((ModelCamelContext) camel).getRouteDefinition(routeId);
		if (route != null && isTable(route)) {
			this.submissions.put(provider,
					new TableReader(routeId, values(camel, route)).readSubmission(known(camel, SUBMIT_TEMPLATE)));
		}
	}

	@Override
	public void afterApplicationStart(CamelContext camel) {
		// Nothing is left to read.
	}

	private static boolean isTable(RouteDefinition route) {
		return route.getTemplateParameters() != null && route.getTemplateParameters().containsKey(MARK);
	}

	private static List<String> known(CamelContext camel, String name) {
		RouteTemplateDefinition template = ((ModelCamelContext) camel).getRouteTemplateDefinition(name);
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

	/** How media is submitted to a provider whose route is made from a table. */
	SubmitTable submission(String provider) {
		return this.submissions.get(provider);
	}

	/**
	 * Whether a provider knows a request that it has had before: then it may be sent
	 * again.
	 */
	public boolean isIdempotent(String provider) {
		SubmitTable table = this.submissions.get(provider);
		return table != null && table.idempotency() != null;
	}

}
