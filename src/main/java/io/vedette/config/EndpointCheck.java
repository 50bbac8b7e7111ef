package io.vedette.config;

import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.apache.camel.CamelContext;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.util.URISupport;

/** Refuses names and URIs of intakes and targets that no route could be made from. */
public final class EndpointCheck {

	/** What people call a component's scheme, and its name. */
	private static final Map<String, String> SCHEMES = Map.ofEntries(Map.entry("rabbitmq", "spring-rabbitmq"),
			Map.entry("spring-rabbitmq", "spring-rabbitmq"), Map.entry("mqtt", "paho-mqtt5"),
			Map.entry("mqtt5", "paho-mqtt5"), Map.entry("paho-mqtt5", "paho-mqtt5"), Map.entry("artemis", "jms"),
			Map.entry("activemq", "jms"), Map.entry("jms", "jms"), Map.entry("amqp", "amqp"),
			Map.entry("kafka", "kafka"), Map.entry("file", "file"), Map.entry("https", "https"));

	private EndpointCheck() {
	}

	/** A name becomes part of route ids and endpoint URIs. */
	public static void name(String key, String name) {
		if (!name.matches("[a-z0-9][a-z0-9-]{0,99}")) {
			throw new ConfigurationProblem(
					"\"%s\": the name is not made of lower-case letters, digits and hyphens.".formatted(key),
					"Rename it.");
		}
	}

	/** What an endpoint URI has in front of its first colon: a component's name. */
	public static String scheme(String uri) {
		return uri.split(":", 2)[0];
	}

	/**
	 * Lets Camel look at the URI before a route is made from it. What Camel says is told
	 * without the URI and without values: a misspelt option may be a password.
	 */
	public static void resolve(CamelContext camel, String key, String uri) {
		String scheme = scheme(uri);
		try {
			if (camel.getComponent(scheme) == null) {
				throw unknownScheme(key, URISupport.sanitizeUri(scheme));
			}
			camel.getEndpoint(uri);
		}
		catch (ResolveEndpointFailedException ex) {
			String why = (ex.getCause() != null) ? ex.getCause().getMessage() : ex.getMessage();
			throw new ConfigurationProblem("\"%s\": Camel can't resolve it: %s".formatted(key,
					why.replace(uri, "...")
						.replaceFirst("(?s)^Failed to resolve endpoint: .* due to: ", "")
						.replaceAll("([{,] ?[\\w.-]+)=[^,}]*", "$1=...")),
					"Correct the URI.");
		}
	}

	private static ConfigurationProblem unknownScheme(String key, String scheme) {
		String meant = DidYouMean.closest(scheme, SCHEMES.keySet())
			.map(SCHEMES::get)
			.filter((name) -> !name.equals(scheme))
			.map("Did you mean \"%s:\"? "::formatted)
			.orElse("");
		return new ConfigurationProblem(
				"\"%s\": Camel has no component \"%s\"; expected a Camel endpoint URI such as file:DIR, kafka:TOPIC or jms:queue:NAME."
					.formatted(key, scheme),
				"%sCorrect the URI, or put the jars of camel-%s into lib/ where Vedette is started.".formatted(meant,
						scheme));
	}

	/**
	 * Refuses what no HTTP request could be sent to. Never shows it: it may hold a key.
	 */
	public static void webAddress(String key, String url) {
		if (!url.matches("(?i)https?://[^/?#\\s]\\S*")) {
			throw new ConfigurationProblem(
					"\"%s\": no web address; expected http:// or https:// and a host.".formatted(key),
					"Correct the address.");
		}
	}

	/**
	 * The URI as it is, with these options behind it where it does not set them itself.
	 */
	public static String withDefaults(String uri, Map<String, Object> options) {
		Map<String, Object> missing = new LinkedHashMap<>(options);
		missing.keySet().removeAll(options(uri));
		return missing.isEmpty() ? uri : uri + (uri.contains("?") ? "&" : "?") + URISupport.createQueryString(missing);
	}

	/** Names of the options that an endpoint URI sets. */
	public static Set<String> options(String uri) {
		String[] parts = uri.split("\\?", 2);
		try {
			return (parts.length == 2) ? URISupport.parseQuery(parts[1]).keySet() : Set.of();
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException("endpoint URI: its query can't be parsed", ex);
		}
	}

}
