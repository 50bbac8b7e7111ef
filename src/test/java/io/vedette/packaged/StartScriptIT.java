package io.vedette.packaged;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** {@code bin/vedette} with the jar, as docs/start.md has them. */
@EnabledOnOs({ OS.LINUX, OS.MAC })
class StartScriptIT {

	private static final Duration ENOUGH = Duration.ofSeconds(60);

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	private Path script;

	private Path workplace;

	@BeforeEach
	void install() throws IOException {
		Path home = Files.createDirectory(this.directory.resolve("opt")).toRealPath();
		this.script = Files.copy(Path.of("bin/vedette"), home.resolve("vedette"));
		this.workplace = Files.createDirectory(this.directory.resolve("work")).toRealPath();
		Files.copy(Path.of("target/vedette.jar"), home.resolve("vedette.jar"));
	}

	@Test
	void answersWithoutAStart() throws Exception {
		assertThat(ask("--version")).matches("Vedette \\d+\\..*\\R");
		assertThat(this.workplace).isEmptyDirectory();
	}

	/** What lies where it is started counts, and what was learned is used. */
	@Test
	void settlesJobsAfterATrial() throws Exception {
		Files.createDirectory(this.workplace.resolve("config"));
		Files.writeString(this.workplace.resolve("config/application.yaml"),
				"vedette.targets.files.uri: file:elsewhere");
		assertThat(ask("--train")).startsWith("vedette: trained;");
		assertThat(this.workplace.resolve("data")).doesNotExist();
		assertThat(ask("--version")).matches("Vedette \\d+\\..*\\R");
		Load load = Load.of("trained", 2, Duration.ZERO);
		try (PackagedJar jar = this.stage.launch(this.workplace)
			.by(this.script)
			.environment("JAVA_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xlog:class+load:file=classes.txt")
			.start()) {
			jar.register(load);
			await().atMost(ENOUGH).until(jar::isSettled);
			assertThat(jar.stop().exitCode()).isZero();
		}
		assertThat(Stage.files(this.workplace.resolve("elsewhere"))).isEqualTo(load.files());
		assertThat(Files.readAllLines(this.workplace.resolve("classes.txt")))
			.anyMatch((line) -> line.matches(".* io.vedette.job.Watchman source: shared objects file.*"));
	}

	private String ask(String argument) throws Exception {
		Process process = new ProcessBuilder(this.script.toString(), argument).directory(this.workplace.toFile())
			.redirectErrorStream(true)
			.start();
		String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(text).isZero();
		return text;
	}

}
