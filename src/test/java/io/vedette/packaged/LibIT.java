package io.vedette.packaged;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import io.vedette.MarkdownFile;
import io.vedette.bus.Kafka;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A bus that is not in the jar, added without a build as docs/bus-kafka.md says. */
class LibIT {

	private static final Duration ENOUGH = Duration.ofSeconds(90);

	@AutoClose
	private final Stage stage = new Stage();

	private final MarkdownFile recipe = MarkdownFile.read(Path.of("docs/bus-kafka.md"));

	@TempDir
	private Path directory;

	@Test
	void takesAJobFromKafkaAndPutsItsFacesThere() throws Exception {
		for (String command : documentedCommands()) {
			execute(command);
		}
		assertThat(Stage.files(this.directory.resolve("lib"))).hasSize(2);
		Files.createDirectory(this.directory.resolve("config"));
		Files.writeString(this.directory.resolve("config/application.yaml"),
				block("yaml").replace("127.0.0.1:9092", Kafka.brokers()));
		Kafka.topics("jobs", "faces");
		Load load = Load.single("akool", 2);
		try (PackagedJar jar = this.stage.launch(this.directory).asJar().start();
				KafkaProducer<String, String> producer = new KafkaProducer<>(
						Map.of("bootstrap.servers", Kafka.brokers()), new StringSerializer(), new StringSerializer())) {
			producer.send(new ProducerRecord<>("jobs", load.requests())).get();
			assertThat(awaitKeys(load.eventIds())).isEqualTo(load.eventIds());
			assertThat(jar.console()).contains("SUCCEEDED");
		}
	}

	private List<String> documentedCommands() {
		List<String> commands = this.recipe.blocks()
			.stream()
			.flatMap((block) -> block.lines().stream())
			.filter((line) -> line.startsWith("./mvnw "))
			.toList();
		assertThat(commands).hasSize(2).allMatch((line) -> line.endsWith(" -DoutputDirectory=lib"));
		return commands;
	}

	private String block(String language) {
		return this.recipe.blocks()
			.stream()
			.filter((block) -> block.language().equals(language))
			.findFirst()
			.map((block) -> String.join("\n", block.lines()))
			.orElseThrow();
	}

	/** Runs a command of the recipe, with the directory of this test for its lib. */
	private void execute(String command) throws Exception {
		List<String> words = new ArrayList<>(
				List.of(command.replace("=lib", "=" + this.directory.resolve("lib").toAbsolutePath()).split(" ")));
		words.add("-B");
		Path output = this.directory.resolve("mvnw.log");
		Process process = new ProcessBuilder(words).directory(new File(".").getAbsoluteFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(command).isTrue();
		assertThat(process.exitValue()).as(Files.readString(output)).isZero();
	}

	/** The keys of all records in the topic faces, once these are among them. */
	private static Set<String> awaitKeys(Set<String> expected) {
		Set<String> keys = new TreeSet<>();
		try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
				Map.of("bootstrap.servers", Kafka.brokers(), "group.id", "lib-it", "auto.offset.reset", "earliest"),
				new StringDeserializer(), new StringDeserializer())) {
			consumer.subscribe(List.of("faces"));
			await().atMost(ENOUGH).until(() -> {
				consumer.poll(Duration.ofSeconds(1)).forEach((event) -> keys.add(event.key()));
				return keys.containsAll(expected);
			});
		}
		return keys;
	}

}
