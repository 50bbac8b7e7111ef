package io.vedette.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vedette.standin.ProviderStandIn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

import static org.assertj.core.api.Assertions.assertThat;

class WatchCommandTest {

	private final ProviderStandIn standIn = new ProviderStandIn();

	private final Map<String, String> settings = new TreeMap<>();

	@TempDir
	private Path directory;

	private List<Path> before;

	@BeforeEach
	void configure() throws Exception {
		set("vedette.providers.akool.base-url", this.standIn.baseUrl());
		set("vedette.providers.akool.api-key", this.standIn.key("akool"));
		set("vedette.providers.akool.min-delay", "50ms");
		set("vedette.providers.akool.max-delay", "200ms");
		set("vedette.egress.allow", "127.0.0.1");
		this.before = scratch();
	}

	@AfterEach
	void leavesNothingBehind() throws Exception {
		this.settings.keySet().forEach(System::clearProperty);
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.WARN);
		logging.setLogLevel("io.vedette", LogLevel.INFO);
		this.standIn.close();
		assertThat(scratch()).isEqualTo(this.before);
	}

	@Test
	void savesTheFacesOfAJobThatSucceeds() throws Exception {
		this.standIn.autoJobs("watched");
		Path out = this.directory.resolve("my faces %3F?");
		Called called = watch("watched-600-2", "--out", out.toString());
		assertThat(called.exitCode()).as(called.err()).isZero();
		assertThat(called.out().strip()).isEqualTo("akool/watched-600-2 SUCCEEDED, 2 faces in " + out);
		assertThat(called.err()).contains("akool/watched-600-2: pending");
		assertThat(names(out)).contains("job.json").filteredOn((name) -> name.endsWith(".png")).hasSize(2);
		assertThat(names(out)).filteredOn((name) -> name.matches("face-.*\\.json")).hasSize(2);
	}

	@Test
	void asksWithTheKeyOfAnAccount() throws Exception {
		set("vedette.providers.akool.accounts.team-b.api-key", "key-of-team-b");
		this.standIn.acceptsToo("akool", "key-of-team-b").akool("other").withFaces(1);
		Called called = watch("other", "--account", "team-b");
		assertThat(called.exitCode()).as(called.err()).isZero();
		assertThat(this.standIn.polls("akool", "other")).isNotEmpty()
			.allSatisfy((poll) -> assertThat(poll.header("x-api-key")).isEqualTo("key-of-team-b"));
		Called refused = watch("other", "--account", "team-x");
		assertThat(refused.exitCode()).isEqualTo(64);
		assertThat(refused.err()).contains("account \"team-x\": not configured for akool", "[default, team-b]");
	}

	@Test
	void printsTheJobAsJson() throws Exception {
		this.standIn.akool("json").withFaces(1);
		Called called = watch("json", "--json");
		JsonNode job = new ObjectMapper().readTree(called.out());
		assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
		assertThat(job.path("faces")).hasSize(1);
	}

	@Test
	void sendsNothingToOtherTargetsAndTakesNothingIn() throws Exception {
		Path inbox = Files.createDirectory(this.directory.resolve("inbox"));
		Files.writeString(inbox.resolve("request.json"), "{\"provider\":\"akool\",\"jobId\":\"other\"}");
		set("vedette.intakes.inbox.uri", "file:" + inbox);
		set("vedette.intakes.inbox.settle-time", "0s");
		set("vedette.targets.crm.uri", "spring-rabbitmq:nowhere");
		set("vedette.targets.archive.uri", "file:" + this.directory.resolve("archive"));
		this.standIn.autoJobs("alone");
		assertThat(watch("alone-800-1").exitCode()).isZero();
		assertThat(names(inbox)).containsExactly("request.json");
		assertThat(this.directory.resolve("archive")).doesNotExist();
	}

	@Test
	void tellsByItsExitCodeThatAJobHasFailed() throws Exception {
		this.standIn.akool("bad").failing("no face", 1102);
		Called called = watch("bad");
		assertThat(called.exitCode()).as(called.err()).isEqualTo(2);
		assertThat(called.out()).startsWith("akool/bad FAILED: ").contains("no face");
		assertThat(this.directory.resolve("out")).doesNotExist();
	}

	@Test
	void tellsByItsExitCodeThatAJobHasExpired() throws Exception {
		set("vedette.providers.akool.max-wait", "300ms");
		this.standIn.akool("slow").finishesAfter(Duration.ofHours(1));
		assertThat(watch("slow").exitCode()).isEqualTo(3);
	}

	@Test
	void tellsByItsExitCodeThatTheKeyIsRefused() throws Exception {
		set("vedette.providers.akool.api-key", "another");
		this.standIn.akool("locked").withFaces(1);
		Called called = watch("locked");
		assertThat(called.exitCode()).isEqualTo(4);
		assertThat(called.err()).contains("akool refuses: ").contains("Check the key and the quota.");
	}

	@Test
	void refusesAProviderThatNobodyKnows() throws Exception {
		Called called = Called.with("watch", "akol", "some", "--out", this.directory.toString());
		assertThat(called.exitCode()).isEqualTo(64);
		assertThat(called.err()).contains("provider \"akol\": unknown; expected one of [akool, crun]");
	}

	@Test
	void refusesAPlaceThatCantBeWrittenBeforeItWaits() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));
		Called called = Called.with("watch", "akool", "some", "--out", file.toString());
		assertThat(called.exitCode()).isEqualTo(64);
		assertThat(called.err()).contains(file + "\": no directory that can be written to");
		assertThat(this.standIn.pollCount()).isZero();
	}

	@Test
	void checkFindsNothingWrongAndAsksNobody() throws Exception {
		set("vedette.targets.crm.uri", "spring-rabbitmq:nowhere");
		Called called = Called.with("check");
		assertThat(called.exitCode()).as(called.err()).isZero();
		assertThat(called.out()).contains("providers [akool, crun] and the targets [crm, files]");
		assertThat(this.standIn.requests()).isEmpty();
	}

	@Test
	void checkFindsWhatAStartWouldRefuse() throws Exception {
		set("vedette.providers.akol.min-delay", "1s");
		assertThat(Called.with("check").exitCode()).isEqualTo(1);
		System.clearProperty("vedette.providers.akol.min-delay");
		set("vedette.targets.crm.uri", "https://crm.example.com/hook");
		assertThat(Called.with("check").exitCode()).isEqualTo(1);
	}

	private Called watch(String id, String... options) {
		String[] usual = { "watch", "akool", id, "--out", this.directory.resolve("out").toString() };
		return Called
			.with(Stream
				.concat(Stream.of(usual).limit((options.length > 0 && options[0].equals("--out")) ? 3 : usual.length),
						Stream.of(options))
				.toArray(String[]::new));
	}

	private void set(String key, String value) {
		this.settings.put(key, value);
		System.setProperty(key, value);
	}

	private static List<String> names(Path directory) throws Exception {
		try (Stream<Path> files = Files.list(directory)) {
			return files.map((file) -> file.getFileName().toString()).sorted().toList();
		}
	}

	/** Directories that Vedette has made for as long as it runs. */
	private static List<Path> scratch() throws Exception {
		try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
			return files.filter((file) -> file.getFileName().toString().matches("vedette-\\d+")).sorted().toList();
		}
	}

}
