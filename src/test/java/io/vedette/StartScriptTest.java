package io.vedette;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How {@code bin/vedette} calls Java, with a Java that prints its arguments, and what
 * {@code docs/vedette.service} makes of the script.
 */
@EnabledOnOs({ OS.LINUX, OS.MAC })
class StartScriptTest {

	private static final String SCRIPT = "bin/vedette";

	/**
	 * As the real one: extracts, writes down at its end what it has learned, and has a
	 * version.
	 */
	private static final String JAVA = """
			#!/bin/sh
			case "$*" in
			-version) echo 'openjdk version "%s" 2025-01-01' >&2 ;;
			*jarmode*) for last; do :; done; mkdir -p "$last" && touch "$last/vedette.jar" ;;
			*ArchiveClassesAtExit* | *AOTCacheOutput*)
				for word; do
					case $word in *ArchiveClassesAtExit=* | *AOTCacheOutput=*) file=${word#*=} ;; esac
				done
				trap 'printf "%%s\\n" "$@" >"$file"; env >"$file.env"; exit 0' HUP
				echo Vedette is ready after 3 s
				while :; do sleep 0.1; done ;;
			*) printf '%%s\\n' "$@" ;;
			esac
			""";

	@TempDir
	private Path directory;

	private Path home;

	private Path jdk;

	private Path workplace;

	@BeforeEach
	void install() throws IOException {
		this.home = Files.createDirectory(this.directory.resolve("opt vedette")).toRealPath();
		this.jdk = this.home.getParent().resolve("jdk");
		this.workplace = Files.createDirectory(this.directory.resolve("work")).toRealPath();
		Files.createDirectories(this.home.resolve("bin"));
		Files.copy(Path.of(SCRIPT), this.home.resolve(SCRIPT));
		Files.writeString(this.home.resolve("vedette.jar"), "one");
		java("17.0.1");
	}

	@Test
	void startsTheJarWithTheOptionsOfASmallMachine() throws Exception {
		assertThat(run("--a=b c", "$d")).isEqualTo(new End(0,
				List.of("-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
						"-XX:PerfDataSamplingInterval=1000", "-Xms64m", "-jar", this.home + "/bin/../vedette.jar",
						"--a=b c", "$d")));
	}

	@Test
	void takesOtherOptionsInTheirPlace() throws Exception {
		assertThat(run(Map.of("JAVA_OPTS", "-Xmx1g -XX:+UseG1GC")).lines()).containsExactly(
				"-XX:+ExitOnOutOfMemoryError", "-Xmx1g", "-XX:+UseG1GC", "-jar", this.home + "/bin/../vedette.jar");
	}

	@Test
	void isFoundThroughALink() throws Exception {
		Path link = Files.createSymbolicLink(this.workplace.resolve("link"), this.home.resolve(SCRIPT));
		assertThat(end(new ProcessBuilder(link.toString()), Map.of()).lines())
			.contains(this.home + "/bin/../vedette.jar");
	}

	@Test
	void saysWhereItLookedForTheJar() throws Exception {
		Files.delete(this.home.resolve("vedette.jar"));
		assertThat(run()).isEqualTo(new End(1,
				List.of("vedette: no vedette.jar in %s/bin, above it or in target/ above it; put it there, or build it."
					.formatted(this.home))));
	}

	@Test
	void saysThatThereIsNoJava() throws Exception {
		assertThat(run(Map.of("JAVA_HOME", "/nowhere")))
			.isEqualTo(new End(1, List.of("vedette: no java; install a JDK 17 or newer, or set JAVA_HOME.")));
	}

	@Test
	void usesWhatATrialHasLearned() throws Exception {
		assertThat(run("--train").exitCode()).isZero();
		assertThat(run("--a=b").lines()).containsExactly("-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC",
				"-XX:TieredStopAtLevel=1", "-XX:PerfDataSamplingInterval=1000", "-Xms64m",
				"-XX:SharedArchiveFile=" + trained("classes.jsa"), "-cp", trained("vedette.jar"),
				"io.vedette.VedetteApplication", "--a=b");
	}

	@Test
	void usesTheAotCacheWhereThereIsOne() throws Exception {
		java("25.0.1");
		assertThat(run("--train").exitCode()).isZero();
		assertThat(run().lines()).contains("-XX:AOTCache=" + trained("classes.aot"));
	}

	/** In an empty directory: with its operator's settings it would take work. */
	@Test
	void makesItsTrialWithNothingOfTheOperators() throws Exception {
		Files.createDirectory(this.workplace.resolve("config"));
		assertThat(run(Map.of("SPRING_DATASOURCE_URL", "jdbc:postgresql://production/vedette"), "--train").exitCode())
			.isZero();
		assertThat(Files.readString(Path.of(trained("classes.jsa")))).contains("--server.port=0");
		assertThat(Files.readString(Path.of(trained("classes.jsa.env")))).doesNotContain("SPRING_DATASOURCE_URL")
			.doesNotContain("PWD=" + this.workplace + "\n");
	}

	@Test
	void hasTheJarsOfLibInFront() throws Exception {
		Files.createDirectory(this.workplace.resolve("lib"));
		assertThat(run("--train").exitCode()).isZero();
		assertThat(run().lines()).contains(this.workplace + "/lib/*:" + trained("vedette.jar"));
	}

	@Test
	void leavesAloneWhatWasLearnedOfAnotherJarJdkOrLib() throws Exception {
		assertThat(run("--train").exitCode()).isZero();
		Files.writeString(this.home.resolve("vedette.jar"), "two");
		assertUntrained();
		assertThat(run("--train").exitCode()).isZero();
		java("17.0.2");
		assertUntrained();
		assertThat(run("--train").exitCode()).isZero();
		Files.createDirectory(this.workplace.resolve("lib"));
		assertUntrained();
		assertThat(run("--train").exitCode()).isZero();
		Files.createFile(this.workplace.resolve("lib/kafka.jar"));
		assertUntrained();
	}

	private void assertUntrained() throws Exception {
		assertThat(run().lines()).contains("-jar", this.home + "/bin/../vedette.jar")
			.contains("vedette: trained with another jar, JDK or lib/; start it with --train once more.");
	}

	@Test
	void isWhatTheServiceStarts() throws IOException {
		List<String> unit = Files.readAllLines(Path.of("docs/vedette.service"));
		String start = unit.stream().filter((line) -> line.startsWith("ExecStart=")).findFirst().orElseThrow();
		assertThat(start).endsWith("/" + SCRIPT);
		assertThat(Path.of(SCRIPT)).isExecutable();
		assertThat(unit).contains("TimeoutStopSec=15", "Restart=on-failure", "SuccessExitStatus=143");
	}

	private String trained(String file) {
		return this.home + "/bin/../vedette.trained/" + file;
	}

	private void java(String version) throws IOException {
		Path java = this.jdk.resolve("bin/java");
		Files.createDirectories(java.getParent());
		Files.writeString(java, JAVA.formatted(version));
		Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
	}

	private End run(String... arguments) throws Exception {
		return run(Map.of(), arguments);
	}

	private End run(Map<String, String> environment, String... arguments) throws Exception {
		return end(
				new ProcessBuilder(
						Stream.concat(Stream.of(this.home.resolve(SCRIPT).toString()), Stream.of(arguments)).toList()),
				environment);
	}

	private End end(ProcessBuilder command, Map<String, String> environment) throws Exception {
		command.environment().remove("JAVA_OPTS");
		command.environment().put("JAVA_HOME", this.jdk.toString());
		command.environment().putAll(environment);
		Process process = command.directory(this.workplace.toFile()).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return new End(process.waitFor(), output.lines().toList());
	}

	/** How the script ended, and what it printed. */
	private record End(int exitCode, List<String> lines) {
	}

}
