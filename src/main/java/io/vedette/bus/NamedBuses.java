package io.vedette.bus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Has Spring and Camel set up only those buses that a URI or a route names, or that have
 * settings of their own: to load the clients of the others costs every start.
 */
class NamedBuses implements AutoConfigurationImportFilter, EnvironmentAware {

	/** How Spring names what it has read from the jar. */
	private static final String PACKAGED = "class path resource [";

	private static final List<Bus> BUSES = List.of(
			Bus.of("spring-rabbitmq", List.of("spring.rabbitmq", "camel.component.spring-rabbitmq"),
					List.of("org.springframework.boot.amqp.", "org.apache.camel.component.springrabbit.")),
			Bus.of("s?jms2?|activemq6?",
					List.of("spring.artemis", "spring.activemq", "spring.jms", "camel.component.jms"),
					List.of("org.springframework.boot.artemis.", "org.springframework.boot.jms.",
							"org.apache.camel.component.jms.")),
			Bus.of("amqp", List.of("camel.component.amqp"), List.of("org.apache.camel.component.amqp.")),
			Bus.of("paho-mqtt5", List.of("camel.component.paho-mqtt5"),
					List.of("org.apache.camel.component.paho.mqtt5.")));

	private ConfigurableEnvironment environment;

	private List<Bus> unnamed;

	/** Here, as it is asked for each class that any configuration names. */
	@Override
	public void setEnvironment(Environment environment) {
		this.environment = (ConfigurableEnvironment) environment;
		List<String> values = values().toList();
		List<String> routes = routes().toList();
		// What the packaged configuration sets says how a bus is used, not that it is;
		// also in
		// a copy of it.
		Set<ConfigurationPropertyName> packaged = keys((source) -> source.contains(PACKAGED))
			.collect(Collectors.toSet());
		List<ConfigurationPropertyName> keys = keys((source) -> true).filter((key) -> !packaged.contains(key)).toList();
		this.unnamed = BUSES.stream()
			.filter((bus) -> values.stream().noneMatch(bus::isNamedBy) && routes.stream().noneMatch(bus::isNamedIn)
					&& keys.stream().noneMatch(bus::isSetBy))
			.toList();
	}

	@Override
	public boolean[] match(String[] autoConfigurations, AutoConfigurationMetadata metadata) {
		boolean[] matches = new boolean[autoConfigurations.length];
		for (int i = 0; i < matches.length; i++) {
			String one = autoConfigurations[i];
			matches[i] = this.unnamed.stream().noneMatch((bus) -> bus.owns(one));
		}
		return matches;
	}

	/** A URI may stand under any key: a route of one's own has keys of its own. */
	private Stream<String> values() {
		return this.environment.getPropertySources()
			.stream()
			.filter(EnumerablePropertySource.class::isInstance)
			.map((source) -> (EnumerablePropertySource<?>) source)
			.flatMap((source) -> Stream.of(source.getPropertyNames()).map(source::getProperty))
			.filter(Objects::nonNull)
			.map(Object::toString);
	}

	private Stream<String> routes() {
		PathMatchingResourcePatternResolver files = new PathMatchingResourcePatternResolver();
		return Stream.of(this.environment.getProperty("camel.main.routes-include-pattern", String[].class))
			.flatMap((pattern) -> texts(files, pattern));
	}

	private static Stream<String> texts(PathMatchingResourcePatternResolver files, String pattern) {
		try {
			Stream.Builder<String> texts = Stream.builder();
			for (Resource file : files.getResources(pattern)) {
				texts.add(file.getContentAsString(StandardCharsets.UTF_8));
			}
			return texts.build();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Stream<ConfigurationPropertyName> keys(Predicate<String> sources) {
		return StreamSupport.stream(ConfigurationPropertySources.get(this.environment).spliterator(), false)
			.filter(IterableConfigurationPropertySource.class::isInstance)
			.filter((source) -> source.getUnderlyingSource() instanceof PropertySource<?> named
					&& sources.test(named.getName()))
			.flatMap((source) -> ((IterableConfigurationPropertySource) source).stream());
	}

	/**
	 * @param uri how an endpoint's URI begins
	 * @param scheme the same in YAML, where options may follow as members
	 * @param keys below which its settings are
	 * @param packages of the auto-configurations that are its alone
	 */
	private record Bus(Pattern uri, Pattern scheme, List<ConfigurationPropertyName> keys, List<String> packages) {

		static Bus of(String schemes, List<String> keys, List<String> packages) {
			return new Bus(Pattern.compile("(" + schemes + "):"),
					Pattern.compile("(?<![\\w.-])(" + schemes + ")(?![\\w.-])"),
					keys.stream().map(ConfigurationPropertyName::of).toList(), packages);
		}

		boolean isNamedBy(String value) {
			return this.uri.matcher(value).lookingAt();
		}

		boolean isNamedIn(String routes) {
			return this.scheme.matcher(routes).find();
		}

		boolean isSetBy(ConfigurationPropertyName key) {
			return this.keys.stream().anyMatch((ancestor) -> ancestor.isAncestorOf(key));
		}

		/** An earlier filter leaves null where it has taken one out. */
		boolean owns(String autoConfiguration) {
			return autoConfiguration != null && this.packages.stream().anyMatch(autoConfiguration::startsWith);
		}

	}

}
