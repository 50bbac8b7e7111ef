package io.vedette.bus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

class NamedBusesTest {

	private static final List<String> BUSES = List.of("AMQPComponentAutoConfiguration", "ArtemisAutoConfiguration",
			"JmsAutoConfiguration", "JmsComponentAutoConfiguration", "PahoMqtt5ComponentAutoConfiguration",
			"RabbitAutoConfiguration", "SpringRabbitMQComponentAutoConfiguration");

	@TempDir
	private Path directory;

	@Test
	void setsUpNoBusThatNothingNames() throws IOException {
		assertThat(buses(Map.of("vedette.targets.files.uri", "file:jms-out", "jms.note", "not-amqp"))).isEmpty();
	}

	@Test
	void setsUpEverythingThatIsNoBus() throws IOException {
		assertThat(setUp(environment(Map.of()))).contains("FlywayAutoConfiguration", "CamelAutoConfiguration",
				"HttpComponentAutoConfiguration", "WebMvcAutoConfiguration");
	}

	@ParameterizedTest
	@CsvSource({ "vedette.targets.a.uri, spring-rabbitmq:faces, Rabbit SpringRabbitMQComponent",
			"vedette.intakes.a.uri, jms:queue:jobs, Artemis Jms JmsComponent",
			"vedette.intakes.a.uri, activemq:jobs, Artemis Jms JmsComponent",
			"vedette.rejected.uri, amqp:queue:bad, AMQPComponent",
			"a.key.of.my.route, paho-mqtt5:jobs, PahoMqtt5Component",
			"spring.rabbitmq.host, localhost, Rabbit SpringRabbitMQComponent",
			"spring.artemis.broker-url, tcp://localhost:61616, Artemis Jms JmsComponent",
			"camel.component.amqp.broker-url, amqps://localhost, AMQPComponent" })
	void setsUpABusThatAUriNamesOrThatHasSettings(String key, String value, String expected) throws IOException {
		assertThat(buses(Map.of(key, value))).containsExactlyElementsOf(named(expected));
	}

	@Test
	void readsTheEnvironmentToo() throws IOException {
		StandardEnvironment environment = environment(Map.of());
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
							Map.of("SPRING_RABBITMQ_HOST", "localhost", "VEDETTE_TARGETS_A_URI", "amqp:queue:faces")));
		assertThat(buses(environment)).containsExactlyElementsOf(named("AMQPComponent Rabbit SpringRabbitMQComponent"));
	}

	@ParameterizedTest
	@CsvSource({ "jms, Artemis Jms JmsComponent",
			"'\"spring-rabbitmq:faces?routingKey=a\"', Rabbit SpringRabbitMQComponent" })
	void setsUpABusThatARouteNames(String uri, String expected) throws IOException {
		Path file = this.directory.resolve("mine.camel.yaml");
		Files.writeString(file, "- route:\n    from:\n      uri: %s\n".formatted(uri));
		assertThat(buses(Map.of("camel.main.routes-include-pattern", file.toUri())))
			.containsExactlyElementsOf(named(expected));
	}

	private static List<String> named(String names) {
		return List.of(names.split(" ")).stream().map((name) -> name + "AutoConfiguration").toList();
	}

	private static List<String> buses(Map<String, Object> settings) throws IOException {
		return buses(environment(settings));
	}

	private static List<String> buses(StandardEnvironment environment) {
		return setUp(environment).stream().filter(BUSES::contains).toList();
	}

	/** With the packaged configuration, and nothing of this machine's own. */
	private static StandardEnvironment environment(Map<String, Object> settings) throws IOException {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().forEach((source) -> environment.getPropertySources().remove(source.getName()));
		environment.getPropertySources()
			.addLast(new MapPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.of()));
		environment.getPropertySources().addLast(new MapPropertySource("settings", settings));
		environment.getPropertySources()
			.addLast(new MapPropertySource("packaged routes",
					Map.of("camel.main.routes-include-pattern", "classpath:routes/*.camel.yaml")));
		ClassPathResource packaged = new ClassPathResource("application.yaml");
		new YamlPropertySourceLoader().load("Config resource '" + packaged.getDescription() + "'", packaged)
			.forEach(environment.getPropertySources()::addLast);
		ConfigurationPropertySources.attach(environment);
		return environment;
	}

	/** The simple names of the auto-configurations that are left, in order. */
	private static TreeSet<String> setUp(StandardEnvironment environment) {
		String[] all = StreamSupport
			.stream(ImportCandidates.load(AutoConfiguration.class, NamedBusesTest.class.getClassLoader()).spliterator(),
					false)
			.toArray(String[]::new);
		NamedBuses filter = new NamedBuses();
		filter.setEnvironment(environment);
		boolean[] matches = filter.match(all, null);
		return new TreeSet<>(IntStream.range(0, all.length)
			.filter((i) -> matches[i])
			.mapToObj((i) -> all[i].substring(all[i].lastIndexOf('.') + 1))
			.toList());
	}

}
