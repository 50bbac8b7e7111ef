package io.vedette;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RouteFile.Node;

/**
 * The names by which route files call Java: {@code bean.method}, or the bean alone where
 * Camel knows what it is.
 */
record Seam(RouteFiles routes) {

	private static final Pattern REFERENCE = Pattern.compile("#(?:bean:)?([A-Za-z][\\w-]*)");

	private static final Pattern IN_SIMPLE = Pattern.compile("\\$\\{bean:([\\w-]+)(?:[.?](?:method=)?(\\w+))?");

	/** Each name, with the files that use it. */
	Map<String, Set<String>> names() {
		Map<String, Set<String>> names = new TreeMap<>();
		for (RouteFile file : this.routes.files()) {
			file.nodes()
				.stream()
				.flatMap(Seam::calls)
				.forEach((name) -> names.computeIfAbsent(name, (key) -> new TreeSet<>()).add(file.name()));
		}
		return names;
	}

	Set<String> beans() {
		return names().keySet().stream().map(Seam::bean).collect(Collectors.toCollection(TreeSet::new));
	}

	/** A table of beans, their methods and the files that call them. */
	String table() {
		Map<String, Set<String>> names = names();
		Map<String, Set<String>> methods = new TreeMap<>();
		names.keySet().forEach((name) -> {
			Set<String> of = methods.computeIfAbsent(bean(name), (key) -> new TreeSet<>());
			if (name.contains(".")) {
				of.add(name.substring(name.indexOf('.') + 1));
			}
		});
		return methods.entrySet()
			.stream()
			.map((entry) -> "| `%s` | %s | %s |".formatted(entry.getKey(), listed(entry.getValue().stream()),
					listed(callers(names, entry.getKey()))))
			.collect(Collectors.joining("\n", "| bean | methods | called in |\n|---|---|---|\n", ""));
	}

	private static Stream<String> callers(Map<String, Set<String>> names, String bean) {
		return names.entrySet()
			.stream()
			.filter((entry) -> bean(entry.getKey()).equals(bean))
			.flatMap((entry) -> entry.getValue().stream())
			.distinct()
			.sorted();
	}

	private static String bean(String name) {
		return name.replaceFirst("\\..*", "");
	}

	private static String listed(Stream<String> names) {
		return names.map("`%s`"::formatted).collect(Collectors.joining(", "));
	}

	private static Stream<String> calls(Node node) {
		JsonNode value = node.value();
		return switch (node.field()) {
			case "bean", "method", "process", "script" -> called(value);
			case "ref" -> value.has("expression") ? Stream.of(value.path("expression").asText()) : Stream.of();
			default -> Stream.concat(
					REFERENCE.matcher(node.text()).matches()
							? Stream.of(REFERENCE.matcher(node.text()).replaceFirst("$1")) : Stream.of(),
					IN_SIMPLE.matcher(node.text())
						.results()
						.map((match) -> match.group(1) + ((match.group(2) != null) ? "." + match.group(2) : "")));
		};
	}

	/** {@code {ref, method}}; what stands behind the method's name are arguments. */
	private static Stream<String> called(JsonNode value) {
		if (!value.has("ref")) {
			return Stream.of();
		}
		String method = value.path("method").asText().replaceFirst("\\(.*", "");
		return Stream.of(value.path("ref").asText() + (method.isEmpty() ? "" : "." + method));
	}

}
