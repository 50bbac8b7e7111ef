package io.vedette.provider;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.vedette.config.VedetteProperties;
import io.vedette.node.Node;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** The known providers: one for each {@code ask-<provider>} route. */
@Component
public class Providers {

	/** What the id of a provider's route begins with. */
	public static final String ROUTE_PREFIX = "ask-";

	/** What the id of the route begins with that submits media to one. */
	public static final String SUBMIT_PREFIX = "submit-";

	private final Map<String, Provider> providers = new ConcurrentHashMap<>();

	private final CamelContext camel;

	private final VedetteProperties properties;

	private final VedetteProperties.Provider defaults;

	private final Node node;

	private final ApplicationEventPublisher publisher;

	Providers(CamelContext camel, VedetteProperties properties, Node node, ApplicationEventPublisher publisher) {
		this.publisher = publisher;
		this.camel = camel;
		this.node = node;
		this.properties = properties;
		this.defaults = VedetteProperties.defaults();
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

	/** Whether media can be submitted to it. */
	public boolean canSubmit(String name) {
		return canSubmit(this.camel, name);
	}

	/** The same, also before the routes of a context are started. */
	public static boolean canSubmit(CamelContext camel, String name) {
		return ((ModelCamelContext) camel).getRouteDefinition(SUBMIT_PREFIX + name) != null;
	}

	/**
	 * The provider of that name.
	 * @throws IllegalArgumentException if no route asks it
	 */
	public Provider get(String name) {
		return this.providers.computeIfAbsent(name, this::create);
	}

	/** All accounts of all providers that are configured. */
	public List<Account> accounts() {
		return names().stream().flatMap((name) -> get(name).accounts().stream()).filter(Account::isConfigured).toList();
	}

	/** An account, configured or not, of a known provider. */
	public Account get(AccountName name) {
		return get(name.provider()).account(name.name());
	}

	/**
	 * Has the accounts be as these properties say; all else stays as it was at the start.
	 * @return what has changed
	 */
	public List<AccountChange> configure(VedetteProperties fresh, Instant now) {
		List<AccountChange> changes = names().stream()
			.flatMap((name) -> get(name).configure(fresh.provider(name).orElse(this.defaults), now).stream())
			.toList();
		this.publisher.publishEvent(new AccountsReloaded(changes));
		return changes;
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
