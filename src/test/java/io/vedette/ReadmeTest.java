package io.vedette;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReadmeTest {

	private static final ConfigKeys KEYS = ConfigKeys.read(Path.of("config/application.yaml"));

	private final DocsCheck docs = new DocsCheck(pages(), KEYS, routeIds());

	@Test
	void everyConfigurationKeyExists() {
		assertComplete(this.docs.configurationKeys(), "vedette.intake-token");
	}

	@Test
	void everyFileExists() {
		assertComplete(this.docs.paths(), "config/application.yaml");
	}

	@Test
	void everyRouteExists() {
		assertComplete(this.docs.routes(), "poll-until-terminal");
	}

	@Test
	void everyMavenGoalExists() {
		assertComplete(this.docs.mavenGoals(), "verify", "spring-boot:test-run");
	}

	@Test
	void everyLinkResolves() {
		assertComplete(this.docs.links(), "CONTRIBUTING.md");
	}

	/** The build server runs what stands in the code blocks of the README. */
	@Test
	void hasItsTwoCommandsInCodeBlocks() {
		List<String> lines = MarkdownFile.read(Path.of("README.md"))
			.blocks()
			.stream()
			.flatMap((block) -> block.lines().stream())
			.map((line) -> line.replaceFirst("\\s+#.*", "").strip())
			.toList();
		assertThat(lines).contains("./mvnw spring-boot:test-run", "./mvnw verify");
	}

	private static void assertComplete(DocsCheck.Result result, String... seen) {
		assertThat(result.seen()).contains(seen);
		assertThat(result.missing()).isEmpty();
	}

	private static List<MarkdownFile> pages() {
		try (Stream<Path> docs = Files.isDirectory(Path.of("docs")) ? Files.walk(Path.of("docs")) : Stream.empty()) {
			return Stream
				.concat(Stream.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")),
						docs.filter((path) -> path.toString().endsWith(".md")).sorted())
				.map(MarkdownFile::read)
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Set<String> routeIds() {
		return new RouteFiles(
				Stream.concat(RouteFile.in("routes").stream(), RouteFile.in("examples").stream()).toList())
			.ids();
	}

	/** Each check lets pass what exists and reports what does not. */
	@Nested
	class Checks {

		private final DocsCheck page = new DocsCheck(List.of(MarkdownFile.of(Path.of("PAGE.md"), """
				# A page, it's *new*

				`vedette.lease`, `vedette.providers.<p>.max-wait`, `vedette.targets.crm.secret`, `vedette.providers.*`,
				`vedette.job.failed`, `vedette.leese`, `vedette.targets.<name>.secrets: x`, `vedette.job.vanished`;
				`./mvnw`, `config/`, `config/*.yaml`, `config/none.yaml`, `src/<x>.java`, `data/out`;
				`ask-one`, `ask-<provider>`, `ask-two`, `settle-*`, `ask`;
				`./mvnw -B -q verify`, `./mvnw verifi`;
				[a](pom.xml), [b](#a-page-its-new), [c](gone.md), [d](#gone), [e](https://example.com/gone).

				```yaml
				vedette:
				  # retension: 5d
				  retention: 5d
				```

				```
				PORT=1 ./mvnw spring-boot:test-run -Dx=y   # a comment
				./mvnw spring-boot:test-rum && echo done
				```
				""")), KEYS, Set.of("ask-one"));

		@Test
		void reportUnknownKeys() {
			assertMissing(this.page.configurationKeys(), 10, "vedette.leese", "vedette.targets.<name>.secrets",
					"vedette.job.vanished", "vedette.retension");
		}

		@Test
		void reportMissingFiles() {
			assertMissing(this.page.paths(), 5, "config/none.yaml", "src/<x>.java");
		}

		@Test
		void reportUnknownRoutes() {
			assertMissing(this.page.routes(), 4, "ask-two", "settle-*");
		}

		@Test
		void reportUnknownGoals() {
			assertMissing(this.page.mavenGoals(), 4, "verifi", "spring-boot:test-rum");
		}

		@Test
		void reportBrokenLinks() {
			assertMissing(this.page.links(), 4, "gone.md", "#gone");
		}

		private static void assertMissing(DocsCheck.Result result, int seen, String... missing) {
			assertThat(result.seen()).hasSize(seen);
			assertThat(result.missing())
				.containsExactly(Stream.of(missing).map("PAGE.md: \"%s\""::formatted).toArray(String[]::new));
		}

	}

}
