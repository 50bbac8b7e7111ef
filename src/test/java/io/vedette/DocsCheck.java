package io.vedette;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether what the documentation names is there. Each check returns what it saw and which
 * of it is missing.
 *
 * @param keys the configuration keys there are
 * @param routeIds the ids of routes and templates there are
 */
record DocsCheck(List<MarkdownFile> pages, ConfigKeys keys, Set<String> routeIds) {

	/** Files have names like these, too. */
	private static final Pattern VEDETTE_NAME = Pattern
		.compile("vedette\\.(?!(?:jar|service|trained)\\b)[\\w.<>*-]*[\\w>*]");

	private static final Pattern REPOSITORY_PATH = Pattern
		.compile("(?:\\./)?((?:bin|routes|config|examples|docs|src|\\.ci|\\.mvn)/[\\w./<>*{},-]*"
				+ "|mvnw|mvnw\\.cmd|pom\\.xml|LICENSE|README\\.md|CONTRIBUTING\\.md)");

	private static final Pattern ROUTE_ID = Pattern
		.compile("dead-letter|set-aside|(?:watch|poll|ask|settle|register|deliver|send|save|take-in)-[a-z0-9<>*-]+");

	private static final Pattern MAVEN_COMMAND = Pattern.compile("(?:^|[\\s(])\\./mvnw((?: +[^\\s|&;#)]+)*)");

	private static final Pattern URL = Pattern.compile("[a-z][a-z0-9+.-]*:.*");

	private static final Set<String> MAVEN_GOALS = Set.of("clean", "validate", "compile", "test-compile", "test",
			"package", "integration-test", "verify", "install", "spring-boot:run", "dependency:copy",
			"spring-boot:test-run", "spring-javaformat:apply", "spring-javaformat:validate", "dependency:tree");

	/**
	 * Names that begin with {@code vedette.}, in backticks or YAML blocks: configuration
	 * keys or names that the code has literally, as event types are.
	 */
	Result configurationKeys() {
		String sources = sources();
		Predicate<String> known = (name) -> this.keys.documents(name) || sources.contains('"' + name + '"')
				|| name.startsWith("vedette.job.") && isOutcome(name);
		return check((page) -> Stream.concat(found(VEDETTE_NAME, page.code()), keysInBlocks(page)), known);
	}

	Result paths() {
		return check((page) -> page.code()
			.stream()
			.map(REPOSITORY_PATH::matcher)
			.filter((matcher) -> matcher.matches())
			.map((matcher) -> matcher.group(1)), DocsCheck::isInRepository);
	}

	Result routes() {
		return check((page) -> page.code().stream().filter(ROUTE_ID.asMatchPredicate()),
				(id) -> this.routeIds.stream().anyMatch(glob(id, "[a-z0-9-]+").asMatchPredicate()));
	}

	/** Goals and phases of {@code ./mvnw}, in backticks or any block. */
	Result mavenGoals() {
		return check((page) -> commandLines(page).flatMap((line) -> MAVEN_COMMAND.matcher(line).results())
			.flatMap(DocsCheck::goals), MAVEN_GOALS::contains);
	}

	Result links() {
		Result all = new Result(new ArrayList<>(), new ArrayList<>());
		for (MarkdownFile page : this.pages) {
			Predicate<String> resolves = (link) -> resolves(page, link);
			all.add(page, page.links().stream().filter((link) -> !URL.matcher(link).matches()), resolves);
		}
		return all;
	}

	private Result check(Function<MarkdownFile, Stream<String>> names, Predicate<String> known) {
		Result all = new Result(new ArrayList<>(), new ArrayList<>());
		this.pages.forEach((page) -> all.add(page, names.apply(page), known));
		return all;
	}

	private static boolean isOutcome(String eventType) {
		return Set.of("vedette.job.succeeded", "vedette.job.failed", "vedette.job.expired").contains(eventType);
	}

	private static Stream<String> keysInBlocks(MarkdownFile page) {
		return page.blocks()
			.stream()
			.filter((block) -> block.language().matches("ya?ml"))
			.flatMap((block) -> ConfigKeys.written(block.lines()).stream())
			.filter((key) -> key.startsWith("vedette."));
	}

	private static Stream<String> commandLines(MarkdownFile page) {
		return Stream.concat(page.code().stream(), page.blocks().stream().flatMap((block) -> block.lines().stream()));
	}

	private static Stream<String> goals(MatchResult command) {
		return Stream.of(command.group(1).strip().split(" +"))
			.filter((word) -> !word.isEmpty() && !word.startsWith("-"));
	}

	private static Stream<String> found(Pattern pattern, List<String> texts) {
		return texts.stream().flatMap((text) -> pattern.matcher(text).results()).map(MatchResult::group);
	}

	private static boolean resolves(MarkdownFile page, String link) {
		String[] parts = link.split("#", 2);
		Path folder = (page.path().getParent() != null) ? page.path().getParent() : Path.of("");
		Path target = parts[0].isEmpty() ? page.path() : folder.resolve(parts[0]);
		if (parts.length == 1) {
			return Files.exists(target);
		}
		MarkdownFile linked = parts[0].isEmpty() ? page : MarkdownFile.read(target);
		return linked.anchors().contains(parts[1]);
	}

	private static boolean isInRepository(String name) {
		if (!name.matches(".*[<*{].*")) {
			return Files.exists(Path.of(name));
		}
		PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + name.replaceAll("<[^>]*>", "*"));
		try (Stream<Path> paths = Files.walk(Path.of(name.substring(0, name.indexOf('/'))))) {
			return paths.anyMatch(matcher::matches);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static Pattern glob(String name, String any) {
		return Pattern.compile(name.replaceAll("<[^>]*>|\\*", any));
	}

	private static String sources() {
		try (Stream<Path> paths = Files.walk(Path.of("src/main/java"))) {
			StringBuilder sources = new StringBuilder();
			for (Path path : paths.filter(Files::isRegularFile).toList()) {
				sources.append(Files.readString(path));
			}
			return sources.toString();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** What was seen, and what of it is not there. */
	record Result(List<String> seen, List<String> missing) {

		private void add(MarkdownFile page, Stream<String> names, Predicate<String> known) {
			names.distinct().forEach((name) -> {
				this.seen.add(name);
				if (!known.test(name)) {
					this.missing.add("%s: \"%s\"".formatted(page.path(), name));
				}
			});
		}

	}

}
