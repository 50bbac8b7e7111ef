package io.vedette.provider;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.vedette.config.VedetteProperties;
import io.vedette.node.Node;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.stereotype.Component;

/** The known providers: one for each {@code ask-<provider>} route. */
@Component
public class Providers {

	/** What the id of a provider's route begins with. */
	public static final String ROUTE_PREFIX = "ask-";

	private final Map<String, Provider> providers = new ConcurrentHashMap<>();

	private final CamelContext camel;

	private final VedetteProperties properties;

	private final VedetteProperties.Provider defaults;

	private final Node node;

	Providers(CamelContext camel, VedetteProperties properties, Node node) {
		this.camel = camel;
		this.node = node;
		this.properties = properties;
		// A provider without a single key of its own gets the defaults of the record.
		this.defaults = new Binder().bindOrCreate("provider", VedetteProperties.Provider.class);
	}

	/** Names of all providers, sorted. */
	public List<String> names() {
		return names(this.camel);
	}

	/** The same, also before the routes of a context are started. */
	public static List<String> names(CamelContext camel) {
		return ((ModelCamelContext) camel).getRouteDefinitions()
			.stream()
			.map(RouteDefinition::getId)
			.filter((id) -> id != null && id.startsWith(ROUTE_PREFIX))
			.map((id) -> id.substring(ROUTE_PREFIX.length()))
			.sorted()
			.toList();
	}

	/** Whether there is a route that asks it, started or not: timers may be earlier. */
	public boolean knows(String name) {
		return ((ModelCamelContext) this.camel).getRouteDefinition(ROUTE_PREFIX + name) != null;
	}

	/**
	 * The provider of that name.
	 * @throws IllegalArgumentException if no route asks it
	 */
	public Provider get(String name) {
		return this.providers.computeIfAbsent(name, this::create);
	}

	/** The settings of a provider that has none of its own. */
	VedetteProperties.Provider defaults() {
		return this.defaults;
	}

	private Provider create(String name) {
		if (!knows(name)) {
			throw new IllegalArgumentException(
					"provider \"%s\": no route ask-%s; expected one of %s. Add the route file, or correct the name."
						.formatted(name, name, names()));
		}
		return new Provider(name, this.properties.provider(name).orElse(this.defaults), this.node);
	}

}
