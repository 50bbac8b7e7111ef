package io.vedette.config;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spring.boot.CamelContextConfiguration;

import org.springframework.stereotype.Component;

/**
 * Refuses routes that name what no route defines. Camel finds out when a message comes
 * by, and of a queue or a route configuration never.
 */
@Component
class RouteReferences implements CamelContextConfiguration {

	private static final String ACTION = "Correct the route file: the one in routes/ where Vedette is started, or else the "
			+ "packaged one. If it was copied from an earlier version, make your change to a copy of today's.";

	@Override
	public void beforeApplicationStart(CamelContext camel) {
		ModelCamelContext model = (ModelCamelContext) camel;
		List<String> configurations = model.getRouteConfigurationDefinitions()
			.stream()
			.map(RouteConfigurationDefinition::getId)
			.toList();
		List<String> consumed = Stream
			.concat(model.getRouteDefinitions().stream(),
					model.getRouteTemplateDefinitions().stream().map(RouteTemplateDefinition::getRoute))
			.map((route) -> route.getInput().getEndpointUri())
			.toList();
		List<String> problems = model.getRouteDefinitions()
			.stream()
			.flatMap((route) -> Stream.concat(unknownConfigurations(route, configurations),
					unknownEndpoints(route, consumed)))
			.toList();
		if (!problems.isEmpty()) {
			throw new ConfigurationProblem(String.join("\n", problems), ACTION);
		}
	}

	private static Stream<String> unknownConfigurations(RouteDefinition route, List<String> known) {
		String named = route.getRouteConfigurationId();
		return Stream.of((named != null) ? named.split(",") : new String[0])
			.map(String::strip)
			.filter((id) -> !id.endsWith("*") && !known.contains(id))
			.map((id) -> "route \"%s\": routeConfigurationId \"%s\" is not defined; expected one of %s."
				.formatted(route.getId(), id, known));
	}

	private static Stream<String> unknownEndpoints(RouteDefinition route, List<String> consumed) {
		Collection<ToDefinition> sends = ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(),
				ToDefinition.class);
		return sends.stream()
			.map((to) -> to.getEndpointUri().replaceFirst("\\?.*", ""))
			.filter((uri) -> uri.matches("(direct|seda):.*") && !uri.contains("{{"))
			.filter((uri) -> consumed.stream().noneMatch((from) -> isMade(uri, from)))
			.map((uri) -> "route \"%s\": sends to \"%s\", which no route consumes.".formatted(route.getId(), uri));
	}

	/** Whether an endpoint is the one that a route or template consumes. */
	private static boolean isMade(String uri, String from) {
		return uri.matches("\\Q" + from.replaceFirst("\\?.*", "").replaceAll("\\{\\{.*?}}", "\\\\E.+\\\\Q") + "\\E");
	}

	@Override
	public void afterApplicationStart(CamelContext camel) {
		// Nothing is left to check.
	}

}
