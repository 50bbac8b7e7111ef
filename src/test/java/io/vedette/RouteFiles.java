package io.vedette;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RouteFile.Definition;
import io.vedette.RouteFile.Node;

/**
 * Route files that are loaded together, and what has to be true between them.
 */
record RouteFiles(List<RouteFile> files) {

	/** {@code {{key}}}, {@code {{key:default}}}, {@code {{?key}}}. */
	private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\s*([?!]?)([^{}:\\s]+)\\s*(:[^{}]*)?}}");

	/** The same in a simple expression. */
	private static final Pattern PROPERTY = Pattern.compile("\\$\\{()properties:([^:{}]+)(:[^{}]*)?}");

	private static final Set<String> PLACEHOLDER_FUNCTIONS = Set.of("env", "sys", "bean", "service");

	Set<String> ids() {
		return definitions().map(Definition::id).collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * {@code direct:} and {@code seda:} endpoints that some step sends to and no route
	 * consumes.
	 */
	List<String> danglingEndpoints() {
		List<String> consumed = this.files.stream().flatMap((file) -> file.consumed().stream()).toList();
		List<String> findings = new ArrayList<>();
		for (RouteFile file : this.files) {
			file.sent()
				.stream()
				.distinct()
				.filter((sent) -> consumed.stream().noneMatch((endpoint) -> meet(sent, endpoint)))
				.map((sent) -> "%s: sends to \"%s\", which no route consumes".formatted(file.path(), sent))
				.forEach(findings::add);
		}
		return findings;
	}

	List<String> duplicateIds() {
		List<String> ids = definitions().map(Definition::id).toList();
		return ids.stream()
			.distinct()
			.filter((id) -> ids.indexOf(id) != ids.lastIndexOf(id))
			.map((id) -> "id \"%s\": more than once".formatted(id))
			.toList();
	}

	/** Camel ignores a name that is no route configuration. */
	List<String> unknownRouteConfigurations() {
		List<String> known = definitions().filter((definition) -> definition.kind().equals("routeConfiguration"))
			.map(Definition::id)
			.toList();
		List<String> findings = new ArrayList<>();
		for (Definition definition : definitions().toList()) {
			String named = definition.route().path("routeConfigurationId").asText();
			Stream.of(named.split(","))
				.map(String::strip)
				.filter((id) -> !id.isEmpty() && known.stream().noneMatch((each) -> meet(id, each)))
				.map((id) -> "%s: routeConfigurationId \"%s\" is not defined".formatted(definition.id(), id))
				.forEach(findings::add);
		}
		return findings;
	}

	/**
	 * Placeholders without a value.
	 * @param keys keys that the application configures
	 * @param shipped whether the files run with exactly that configuration; if not, a key
	 * of another provider, target or intake will do
	 */
	List<String> undefinedKeys(ConfigKeys keys, boolean shipped) {
		List<String> findings = new ArrayList<>();
		for (RouteFile file : this.files) {
			for (JsonNode item : file.tree()) {
				Collection<String> parameters = new Definition("", item.path("routeTemplate")).parameters();
				placeholders(item).filter((key) -> !parameters.contains(key.name()))
					.filter((key) -> !(key.optional() || !shipped ? keys.documents(key.name())
							: keys.defines(key.name())))
					.map((key) -> "%s: key \"%s\" is neither in config/application.yaml nor a template parameter"
						.formatted(file.path(), key.name()))
					.distinct()
					.forEach(findings::add);
			}
		}
		return findings;
	}

	private Stream<Definition> definitions() {
		return this.files.stream().flatMap((file) -> file.definitions().stream());
	}

	private static Stream<Key> placeholders(JsonNode item) {
		return RouteFile.nodesBelow(item)
			.stream()
			.map(Node::text)
			.flatMap((text) -> Stream.of(PLACEHOLDER, PROPERTY).flatMap((form) -> form.matcher(text).results()))
			.filter((match) -> !PLACEHOLDER_FUNCTIONS.contains(match.group(2)))
			.map(Key::of);
	}

	/** Whether two names can be the same, {@code *} being any text. */
	static boolean meet(String one, String other) {
		return matches(one, other) || matches(other, one);
	}

	private static boolean matches(String pattern, String name) {
		String regex = Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".+"));
		return name.matches(regex);
	}

	private record Key(String name, boolean optional) {

		static Key of(MatchResult match) {
			return new Key(match.group(2), !match.group(1).isEmpty() || match.group(3) != null);
		}

	}

}
