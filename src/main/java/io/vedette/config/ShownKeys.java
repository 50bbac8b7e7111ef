package io.vedette.config;

import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The keys that hold now, and where each comes from; no secret. */
@Component
public class ShownKeys {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("vedette");

	private static final Set<String> SECRETS = Set.of("api-key", "apikey", "token", "secret", "password",
			"intake-token", "intaketoken");

	private final Environment environment;

	ShownKeys(Environment environment) {
		this.environment = environment;
	}

	/** All keys of Vedette's own, sorted. */
	public List<Key> all() {
		TreeMap<String, Key> keys = new TreeMap<>();
		ConfigurationPropertySources.get(this.environment).forEach((source) -> {
			if (source instanceof IterableConfigurationPropertySource known) {
				// An earlier source wins, also where it spells a key in another way.
				known.stream().filter(ROOT::isAncestorOf).forEach((name) -> {
					ConfigurationProperty property = known.getConfigurationProperty(name);
					keys.putIfAbsent(uniform(name), key(name, property));
				});
			}
		});
		return List.copyOf(keys.values());
	}

	private static String uniform(ConfigurationPropertyName name) {
		return name.toString().replace("-", "");
	}

	private Key key(ConfigurationPropertyName name, ConfigurationProperty property) {
		String value;
		try {
			value = this.environment.resolvePlaceholders(String.valueOf(property.getValue()));
		}
		catch (IllegalArgumentException ex) {
			value = "";
		}
		String origin = (property.getOrigin() != null) ? property.getOrigin().toString()
				: String.valueOf(property.getSource());
		return new Key(name.toString(), shown(name, value), origin);
	}

	private static String shown(ConfigurationPropertyName name, String value) {
		String last = name.getLastElement(ConfigurationPropertyName.Form.UNIFORM);
		if (Stream.of(last, name.getLastElement(ConfigurationPropertyName.Form.DASHED)).anyMatch(SECRETS::contains)) {
			return value.isBlank() ? "not set" : "***";
		}
		return last.equals("uri") || last.endsWith("url") ? place(value) : value;
	}

	/** Of an address what can hold no secret. */
	private static String place(String uri) {
		if (uri.startsWith("file:") || uri.isBlank()) {
			return uri.replaceFirst("\\?.*", "");
		}
		if (!uri.matches("https?:.*")) {
			return EndpointCheck.scheme(uri) + ":...";
		}
		try {
			URI address = URI.create(uri);
			return address.getScheme() + "://" + address.getHost()
					+ ((address.getPort() >= 0) ? ":" + address.getPort() : "")
					+ (List.of("", "/").contains(address.getPath()) ? "" : "/...");
		}
		catch (IllegalArgumentException ex) {
			return "...";
		}
	}

	/**
	 * A key.
	 *
	 * @param value what it says, or *** for a secret
	 * @param origin a file and line, an environment variable, or what else
	 */
	public record Key(String name, String value, String origin) {
	}

}
