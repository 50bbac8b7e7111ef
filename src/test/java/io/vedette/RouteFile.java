package io.vedette;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

/**
 * A route file as a tree: what it defines, what it consumes from and what it sends to.
 */
record RouteFile(Path path, List<String> lines, JsonNode tree) {

	static final String SUFFIX = ".camel.yaml";

	private static final ObjectMapper YAML = new ObjectMapper(
			YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

	private static final Set<String> KINDS = Set.of("route", "routeTemplate", "templatedRoute", "routeConfiguration",
			"rest");

	private static final Set<String> TEXTS = Set.of("description", "note", "message", "id", "path");

	private static final Set<String> CONSUMERS = Set.of("from", "poll");

	private static final Set<String> PATTERNS = Set.of("interceptFrom", "interceptSendToEndpoint");

	private static final Pattern INTERNAL_ENDPOINT = Pattern.compile("(?<![\\w-])(?:direct|seda):[^\\s,?]+");

	private static final Pattern DYNAMIC = Pattern.compile("\\$\\{[^}]*}|\\{\\{[^}]*}}");

	static RouteFile read(Path path) {
		try {
			return new RouteFile(path, Files.readAllLines(path), YAML.readTree(path.toFile()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("%s: not readable as YAML".formatted(path), ex);
		}
	}

	/**
	 * The route files of a directory, sub-directories included, in order of their names.
	 */
	static List<RouteFile> in(String directory) {
		if (!Files.isDirectory(Path.of(directory))) {
			return List.of();
		}
		try (Stream<Path> paths = Files.walk(Path.of(directory))) {
			return paths.filter((path) -> path.toString().endsWith(SUFFIX)).sorted().map(RouteFile::read).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String name() {
		String file = this.path.getFileName().toString();
		return file.substring(0, file.length() - SUFFIX.length());
	}

	/**
	 * Routes, route templates, routes made from templates, route configurations and
	 * rests, in the order they stand.
	 */
	List<Definition> definitions() {
		List<Definition> definitions = new ArrayList<>();
		for (JsonNode item : this.tree) {
			item.properties().forEach((entry) -> {
				if (KINDS.contains(entry.getKey())) {
					definitions.add(new Definition(entry.getKey(), entry.getValue()));
				}
			});
		}
		return definitions;
	}

	List<Node> nodes() {
		return nodesBelow(this.tree);
	}

	/**
	 * The {@code direct:} and {@code seda:} endpoints it consumes from, {@code *} for
	 * each part known at run time only.
	 */
	List<String> consumed() {
		return nodes().stream()
			.filter((node) -> node.field().equals("uri") && CONSUMERS.contains(node.parent()))
			.flatMap(RouteFile::internalEndpoints)
			.toList();
	}

	/** The same for the endpoints that some step, rest call or expression names. */
	List<String> sent() {
		return nodes().stream()
			.filter((node) -> !TEXTS.contains(node.field()))
			.filter((node) -> !CONSUMERS.contains(node.parent()) && !PATTERNS.contains(node.parent()))
			.flatMap(RouteFile::internalEndpoints)
			.toList();
	}

	/** The node itself and all below it, outer before inner. */
	static List<Node> nodesBelow(JsonNode start) {
		List<Node> nodes = new ArrayList<>();
		collect(new Node("", "", "", start), nodes);
		return nodes;
	}

	private static void collect(Node node, List<Node> nodes) {
		nodes.add(node);
		node.value()
			.properties()
			.forEach((child) -> collect(
					new Node(node.pointer() + "/" + child.getKey(), node.field(), child.getKey(), child.getValue()),
					nodes));
		if (node.value().isArray()) {
			for (int i = 0; i < node.value().size(); i++) {
				collect(new Node(node.pointer() + "/" + i, node.parent(), node.field(), node.value().get(i)), nodes);
			}
		}
	}

	private static Stream<String> internalEndpoints(Node node) {
		return INTERNAL_ENDPOINT.matcher(generalized(node.text())).results().map((match) -> match.group());
	}

	/** A text with {@code *} for each part known at run time only. */
	static String generalized(String text) {
		return DYNAMIC.matcher(text).replaceAll("*");
	}

	/**
	 * A value and where it stands.
	 *
	 * @param pointer JSON pointer from the root of the file
	 * @param parent name of the field that holds the object this is a field of
	 * @param field name of the field; an element of an array has that of its array
	 */
	record Node(String pointer, String parent, String field, JsonNode value) {

		String text() {
			return this.value.isTextual() ? this.value.textValue() : "";
		}

	}

	record Definition(String kind, JsonNode node) {

		String id() {
			return this.node.path(this.kind.equals("templatedRoute") ? "routeId" : "id").asText();
		}

		String description() {
			return this.node.path("description").asText();
		}

		/** The route itself; of a template, the route it makes. */
		JsonNode route() {
			return this.node.has("route") ? this.node.path("route") : this.node;
		}

		/** Names of the parameters, of a template only. */
		List<String> parameters() {
			return StreamSupport.stream(this.node.path("parameters").spliterator(), false)
				.map((parameter) -> parameter.path("name").asText())
				.toList();
		}

	}

}
