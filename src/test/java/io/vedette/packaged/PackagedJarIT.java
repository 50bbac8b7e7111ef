package io.vedette.packaged;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/** The jar runs from any directory, with what lies beside it. */
class PackagedJarIT {

	private static final Duration ENOUGH = Duration.ofSeconds(60);

	private static final Pattern NESTED = Pattern.compile("BOOT-INF/lib/[^!/]+\\.jar");

	private static final Path JDKS = Path.of("/usr/lib/jvm");

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	@Test
	void settlesAThousandJobsAtOnceFromAnEmptyDirectory() throws Exception {
		Load load = Load.of("thousand", 1000, Duration.ofSeconds(8));
		AtomicLong threads = new AtomicLong();
		try (PackagedJar jar = this.stage.launchWithWebhook(this.directory).asJar().start()) {
			jar.register(load);
			await().atMost(ENOUGH).pollInterval(Duration.ofSeconds(1)).until(() -> {
				threads.accumulateAndGet(jar.threads(), Math::max);
				return jar.isSettled();
			});
			Stage.report("1000 jobs: %s threads, %d polls", threads, this.stage.providers().pollCount());
		}
		assertThat(Stage.files(this.directory.resolve("data/out"))).isEqualTo(load.files());
		this.stage.assertDeliveredOnce(load);
		assertThat(threads).hasValueLessThan(140);
		assertThat(this.stage.providers().faults()).isEmpty();
	}

	@Test
	void takesOneKeyFromTheConfigurationBesideItAndKeepsTheRest() throws Exception {
		write("config/application.yaml", "vedette.targets.files.uri: file:elsewhere");
		Load load = Load.of("beside", 8, Duration.ZERO);
		try (PackagedJar jar = this.stage.launch(this.directory).asJar().start()) {
			jar.register(load);
			await().atMost(ENOUGH).until(jar::isSettled);
		}
		assertThat(Stage.files(this.directory.resolve("elsewhere"))).isEqualTo(load.files());
		assertThat(this.directory.resolve("data/out")).doesNotExist();
		assertThat(this.directory.resolve("data/inbox")).isDirectory();
	}

	@Test
	void takesAThirdProviderAndAChangedOneFromTheRoutesBesideIt() throws Exception {
		Files.createDirectory(this.directory.resolve("routes"));
		String file = "ask-magic-hour.camel.yaml";
		Files.copy(Path.of("examples", file), this.directory.resolve("routes").resolve(file));
		write("routes/ask-akool.camel.yaml", Files.readString(Path.of("routes/ask-akool.camel.yaml"))
			.replace("_id={jobId}", "_id={jobId}&changed=yes"));
		Load load = new Load(Stream.of("akool", "crun", "magic-hour")
			.flatMap((provider) -> Load.single(provider, 2).jobs().stream())
			.toList());
		try (PackagedJar jar = this.stage.launch(this.directory)
			.set("vedette.providers.magic-hour.base-url", this.stage.providers().baseUrl())
			.set("vedette.providers.magic-hour.api-key", this.stage.providers().key("magic-hour"))
			.start()) {
			jar.register(load);
			await().atMost(ENOUGH).until(jar::isSettled);
			JsonNode faces = jar.get("/jobs/magic-hour/auto-0-2-single").path("faces");
			assertThat(faces.findValuesAsText("faceId")).containsExactly("0", "1");
			assertThat(jar.console()).contains("replaced by routes/: ask-akool.camel.yaml; added by routes/: " + file);
		}
		assertThat(Stage.files(this.directory.resolve("data/out"))).isEqualTo(load.files());
		assertThat(this.stage.providers().polls("akool", "auto-0-2-single"))
			.allSatisfy((poll) -> assertThat(poll.parameter("changed")).hasValue("yes"));
	}

	@Test
	void doesNotStartWithABrokenRouteFileAndNamesIt() throws Exception {
		write("routes/ask-somebody.camel.yaml", "- route:\n    id: ask-somebody\n    from:\n      stepz: []\n");
		assertThat(this.stage.launch(this.directory).startInVain()).contains("ask-somebody.camel.yaml");
	}

	@Test
	void doesNotStartWithARouteFileOfAFormerNameAndSaysWhereItsRoutesAre() throws Exception {
		write("routes/watch-job.camel.yaml", "- route:\n    id: watch-job\n    from:\n      uri: seda:watch-job\n");
		assertThat(this.stage.launch(this.directory).startInVain()).contains("Description:", "Action:")
			.contains("\"routes/watch-job.camel.yaml\": a route file of an earlier version")
			.contains("Make your change to a copy of the packaged watch-jobs.camel.yaml in routes/")
			.doesNotContain("\tat ");
	}

	@Test
	void namesFileLineAndCauseOfARouteFileThatIsNoYaml() throws Exception {
		write("routes/mine.camel.yaml", "- route:\n    id: mine\n\tfrom:\n");
		assertThat(this.stage.launch(this.directory).startInVain()).contains("Description:", "Action:")
			.contains("\"routes/mine.camel.yaml\", line 3: ")
			.doesNotContain("\tat ");
	}

	@ParameterizedTest
	@CsvSource({ "--help, -jar vedette.jar", "--version, Vedette " })
	void answersWithoutAStart(String option, String answer) throws Exception {
		PackagedJar.Answer given = PackagedJar.ask(this.directory, option);
		assertThat(given.exitCode()).isZero();
		assertThat(given.text()).contains(answer).containsPattern("Vedette \\d+\\.").doesNotContain("INFO");
		assertThat(this.directory).isEmptyDirectory();
	}

	/** The jars in front of that of each class are looked into in vain. */
	@Test
	void hasTheJarsFirstThatMostClassesOfAStartAreIn() throws Exception {
		Path log = this.directory.resolve("classes");
		PackagedJar.ask(this.directory, List.of("-Xlog:class+load:file=" + log + ":none"), "check");
		List<String> jars;
		try (JarFile jar = new JarFile(PackagedJar.JAR.toFile())) {
			jars = jar.stream().map(ZipEntry::getName).filter((name) -> name.endsWith(".jar")).toList();
		}
		assertThat(jars).hasSizeGreaterThan(200);
		try (Stream<String> classes = Files.lines(log)) {
			assertThat(classes.map(NESTED::matcher)
				.filter(Matcher::find)
				.mapToInt((nested) -> jars.indexOf(nested.group()))
				.summaryStatistics()).satisfies((found) -> {
					assertThat(found.getCount()).isGreaterThan(5000);
					assertThat(found.getAverage()).isLessThan(50);
				});
		}
	}

	@Test
	void settlesJobsOnTheNewestJdkOfThisMachine() throws Exception {
		Path jdk = newestJdk();
		assumeThat(jdk).as("a JDK in %s that is newer than this one", JDKS).isNotNull();
		Load load = Load.of("newest", 2, Duration.ZERO);
		try (PackagedJar jar = this.stage.launch(this.directory).on(jdk).start()) {
			jar.register(load);
			await().atMost(ENOUGH).until(jar::isSettled);
			assertThat(jar.stop().exitCode()).isZero();
		}
		assertThat(Stage.files(this.directory.resolve("data/out"))).isEqualTo(load.files());
		Stage.report("%d jobs finished on %s", load.jobs().size(), jdk.getFileName());
	}

	/**
	 * The home of the newest JDK that is newer than the one that runs the tests, or null.
	 */
	private static Path newestJdk() throws IOException {
		if (!Files.isDirectory(JDKS)) {
			return null;
		}
		try (Stream<Path> homes = Files.list(JDKS)) {
			return homes.filter((home) -> Files.isExecutable(home.resolve("bin/java")))
				.filter((home) -> version(home) > Runtime.version().feature())
				.max(Comparator.comparingInt(PackagedJarIT::version))
				.orElse(null);
		}
	}

	/**
	 * The feature version in the file {@code release} of a JDK, 0 where there is none.
	 */
	private static int version(Path home) {
		Properties release = new Properties();
		try (Reader file = Files.newBufferedReader(home.resolve("release"))) {
			release.load(file);
			return Runtime.Version.parse(release.getProperty("JAVA_VERSION").replace("\"", "")).feature();
		}
		catch (IOException | RuntimeException ex) {
			return 0;
		}
	}

	private void write(String name, String text) throws IOException {
		Path file = this.directory.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, text);
	}

}
