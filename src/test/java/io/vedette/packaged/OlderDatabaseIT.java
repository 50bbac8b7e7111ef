package io.vedette.packaged;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.standin.Request;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A database file that the jar before wrote, with Camel 4.17, Spring Boot 3.5 and H2
 * 2.3.232: a finished job whose two events are dead letters of the target {@code crm},
 * and a job that waits.
 */
class OlderDatabaseIT {

	private static final Duration ENOUGH = Duration.ofSeconds(60);

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	@BeforeEach
	void putTheOlderFileInPlace() throws Exception {
		Path database = this.directory.resolve("data/db/vedette.mv.db");
		Files.createDirectories(database.getParent());
		Files.copy(Path.of("src/test/resources/older-database/vedette.mv.db"), database);
	}

	@Test
	void goesOnWithWhatTheJarBeforeHasStored() throws Exception {
		this.stage.providers().akool("older-waits").withFaces(2);
		try (PackagedJar jar = launch().start()) {
			await().atMost(ENOUGH).until(jar::isSettled);
			JsonNode finished = jar.get("/jobs/akool/older-done");
			assertThat(finished.path("status").textValue()).isEqualTo("SUCCEEDED");
			assertThat(finished.at("/faces/0/imageUrl").textValue()).isEqualTo("https://cdn.example.com/face-7.png");
			JsonNode watched = jar.get("/jobs/akool/older-waits");
			assertThat(watched.path("status").textValue()).isEqualTo("SUCCEEDED");
			assertThat(watched.path("reference").textValue()).isEqualTo("order-42");
			assertThat(watched.path("faces")).hasSize(2);
		}
		assertThat(this.directory.resolve("data/out/akool/older-waits")).isDirectoryContaining("glob:**/job.json");
	}

	@Test
	void replaysTheDeadLettersOfTheJarBeforeAndReadsThemAfterAnotherStart() throws Exception {
		this.stage.providers().akool("older-waits").withoutFaces();
		try (PackagedJar jar = launch().start()) {
			assertThat(jar.get("/deliveries?status=dead&target=crm").path("deliveries")).hasSize(2);
			assertThat(jar.post("/deliveries/replay", "{\"target\":\"crm\"}").body()).contains("\"replayed\":2");
			await().atMost(ENOUGH).until(jar::isSettled);
			jar.kill();
		}
		assertThat(this.stage.events()).containsOnlyKeys("akool:older-done:face:7", "akool:older-done:job");
		assertThat(this.stage.webhook().requests()).allMatch(Stage::isSigned)
			.extracting(Request::text)
			.anyMatch((event) -> event.contains("https://cdn.example.com/face-7.png"));
		try (PackagedJar jar = launch().start()) {
			assertThat(jar.get("/jobs").path("jobs")).hasSize(2);
			assertThat(jar.get("/deliveries?status=dead").path("deliveries")).isEmpty();
		}
	}

	/** The file is of one day: what is in it is not too old, whenever the test runs. */
	private PackagedJar.Launch launch() {
		return this.stage.launchWithWebhook(this.directory)
			.set("vedette.node", "older")
			.set("vedette.retention", "36500d")
			.set("vedette.providers.akool.max-wait", "36500d");
	}

}
