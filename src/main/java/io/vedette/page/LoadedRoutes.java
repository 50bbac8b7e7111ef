package io.vedette.page;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.vedette.config.EndpointCheck;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.ToDynamicDefinition;

import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** The routes as Camel has loaded them, and which of them sends to which. */
@Lazy
@Component
class LoadedRoutes {

	/** What is between routes, and what only starts one. */
	private static final String INTERNAL = "(direct|seda|quartz):.*";

	private static final Pattern PARAMETER = Pattern.compile("\\{\\{([^}]*)}}");

	/** What is known only when an exchange is there. */
	private static final Pattern DYNAMIC = Pattern.compile("\\$\\{[^}]*}");

	private final ModelCamelContext camel;

	LoadedRoutes(CamelContext camel) {
		this.camel = (ModelCamelContext) camel;
	}

	/** All of them, by their ids. */
	List<ShownRoute> all() {
		List<Consumer> consumers = this.camel.getRouteDefinitions().stream().map(this::consumer).toList();
		return this.camel.getRouteDefinitions()
			.stream()
			.map((route) -> shown(route, consumers))
			.sorted(Comparator.comparing(ShownRoute::id))
			.toList();
	}

	private Consumer consumer(RouteDefinition route) {
		return new Consumer(route.getRouteId(), from(route), parameters(route).isPresent());
	}

	private ShownRoute shown(RouteDefinition route, List<Consumer> consumers) {
		List<String> sent = sent(route).distinct().toList();
		List<Next> next = sent.stream()
			.flatMap((uri) -> consumers.stream()
				.filter((consumer) -> consumer.takes(uri))
				.map((consumer) -> new Next(consumer.route(), uri.startsWith("seda:"))))
			.distinct()
			.toList();
		List<String> outside = sent.stream()
			.filter((uri) -> !uri.matches(INTERNAL))
			.map(EndpointCheck::scheme)
			.distinct()
			.toList();
		String from = from(route);
		return new ShownRoute(route.getRouteId(), route.getDescriptionText(),
				from.matches(INTERNAL) ? from : EndpointCheck.scheme(from), next, outside,
				String.valueOf(this.camel.getRouteController().getRouteStatus(route.getRouteId())));
	}

	/** As it was made, where it is: a template leaves names in the definition. */
	private String from(RouteDefinition route) {
		Route made = this.camel.getRoute(route.getRouteId());
		return plain((made != null) ? made.getEndpoint().getEndpointUri()
				: resolved(route.getInput().getEndpointUri(), route));
	}

	private Stream<String> sent(RouteDefinition route) {
		Stream<String> to = ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), SendDefinition.class)
			.stream()
			.map((send) -> send.getEndpointUri());
		Stream<String> dynamic = ProcessorDefinitionHelper
			.filterTypeInOutputs(route.getOutputs(), ToDynamicDefinition.class)
			.stream()
			.map(ToDynamicDefinition::getUri);
		return Stream.concat(to, dynamic).filter(Objects::nonNull).map((uri) -> plain(resolved(uri, route)));
	}

	/** With what a template was told for its names, and with the configuration's keys. */
	private String resolved(String uri, RouteDefinition route) {
		Map<String, Object> values = parameters(route).orElse(Map.of());
		return this.camel.resolvePropertyPlaceholders(PARAMETER.matcher(uri)
			.replaceAll((name) -> Matcher
				.quoteReplacement(String.valueOf(values.getOrDefault(name.group(1), name.group())))));
	}

	private static Optional<Map<String, Object>> parameters(RouteDefinition route) {
		return Optional.ofNullable(route.getTemplateParameters());
	}

	/** Without options; with {@code *} for what is known later. */
	private static String plain(String uri) {
		return DYNAMIC.matcher(uri).replaceAll("*").replace("://", ":").replaceFirst("\\?.*", "");
	}

	/**
	 * What a route consumes.
	 *
	 * @param templated whether the route was made from a template: only one of these has
	 * a name that a sender has to look up
	 */
	private record Consumer(String route, String uri, boolean templated) {

		boolean takes(String sent) {
			return sent.contains("*") ? this.templated && this.uri.matches(Pattern.quote(sent).replace("*", "\\E.+\\Q"))
					: this.uri.equals(sent);
		}

	}

	/**
	 * A route as it was loaded.
	 *
	 * @param from what it consumes, without options; of a bus no more than its name
	 * @param next the routes that it sends to
	 * @param outside names of the components by which it sends elsewhere
	 */
	public record ShownRoute(String id, String description, String from, List<Next> next, List<String> outside,
			String status) {

		/** Whether what it consumes comes from no other route. */
		public boolean isFirst() {
			return !this.from.matches("(direct|seda):.*");
		}

	}

	/**
	 * A route that another sends to.
	 *
	 * @param later whether it is handed over to other threads
	 */
	public record Next(String route, boolean later) {
	}

}
