package io.vedette;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RouteFile.Definition;

/**
 * Draws route files as Mermaid flowcharts: what consumes from where, and sends to whom. A
 * solid arrow is a call, a dotted one a hand-over to another thread.
 */
record RoutePictures(RouteFiles routes) {

	private static final Set<String> SENDERS = Set.of("to", "toD", "wireTap", "enrich", "pollEnrich");

	/** The stages, and who hands over to whom. */
	String overview() {
		List<String> lines = new ArrayList<>();
		for (RouteFile file : inOrder()) {
			Set<String> arrows = new LinkedHashSet<>();
			for (Definition definition : file.definitions()) {
				for (Send send : sends(definition)) {
					owners(send.uri()).filter((owner) -> !owner.equals(file.name()))
						.forEach((owner) -> arrows.add("  %s %s %s".formatted(file.name(), send.arrow(), owner)));
				}
			}
			lines.addAll(arrows);
		}
		return chart("LR", lines);
	}

	/** Each stage: its routes in words, then drawn. */
	String stages() {
		return inOrder().stream().map(this::stage).collect(Collectors.joining("\n\n"));
	}

	private String stage(RouteFile file) {
		StringBuilder text = new StringBuilder("## %s\n\n".formatted(file.name()));
		file.definitions().forEach((definition) -> text.append(described(definition)));
		Set<String> arrows = new LinkedHashSet<>();
		file.definitions().forEach((definition) -> arrows.addAll(arrows(definition)));
		if (!arrows.isEmpty()) {
			text.append('\n').append(chart("LR", arrows));
		}
		return text.toString().strip();
	}

	private static String described(Definition definition) {
		String template = definition.kind().equals("templatedRoute")
				? "Made from the template `%s`.".formatted(definition.node().path("routeTemplateRef").asText()) : "";
		String route = definition.route().path("description").asText();
		String what = Stream.of(definition.description(), route.equals(definition.description()) ? "" : route, template)
			.filter((sentence) -> !sentence.isEmpty())
			.map((sentence) -> sentence.replaceAll("\\s+", " "))
			.collect(Collectors.joining(" "));
		return "- `%s`%s\n".formatted(definition.id(), what.isEmpty() ? "" : ": " + what) + parameters(definition);
	}

	private static String parameters(Definition definition) {
		if (!definition.kind().equals("routeTemplate")) {
			return "";
		}
		return StreamSupport.stream(definition.node().path("parameters").spliterator(), false)
			.map((parameter) -> "  - parameter `%s`: %s\n".formatted(parameter.path("name").asText(),
					parameter.path("description").asText().replaceAll("\\s+", " ").strip()))
			.collect(Collectors.joining());
	}

	private List<String> arrows(Definition definition) {
		List<String> arrows = new ArrayList<>();
		String from = definition.route().at("/from/uri").asText();
		if (!from.isEmpty() && !isInternal(from)) {
			arrows.add("  %s([\"%s\"]) --> %s".formatted(name(from), label(from, definition.route().at("/from")),
					definition.id()));
		}
		for (Send send : sends(definition)) {
			List<String> targets = receivers(send.uri()).toList();
			targets.forEach((target) -> arrows.add("  %s %s %s".formatted(definition.id(), send.arrow(), target)));
			if (!isInternal(send.uri())) {
				arrows.add("  %s --> %s([\"%s\"])".formatted(definition.id(), name(send.uri()),
						label(send.uri(), send.step())));
			}
		}
		if (definition.kind().equals("templatedRoute")) {
			arrows.add("  %s -- template --> %s".formatted(definition.id(),
					definition.node().path("routeTemplateRef").asText()));
		}
		return arrows;
	}

	/** What a definition sends to, in the order of its steps. */
	private static List<Send> sends(Definition definition) {
		return RouteFile.nodesBelow(definition.node())
			.stream()
			.filter((node) -> SENDERS.contains(node.field()) && node.value().has("uri"))
			.map((node) -> new Send(RouteFile.generalized(node.value().path("uri").asText()), node.value()))
			.toList();
	}

	/** Ids of the routes and templates that consume from an endpoint. */
	private Stream<String> receivers(String uri) {
		return this.routes.files()
			.stream()
			.flatMap((file) -> file.definitions().stream())
			.filter((definition) -> consumes(definition, uri))
			.map(Definition::id);
	}

	/** Names of the files that hold them. */
	private Stream<String> owners(String uri) {
		return this.routes.files()
			.stream()
			.filter((file) -> file.definitions().stream().anyMatch((definition) -> consumes(definition, uri)))
			.map(RouteFile::name);
	}

	/** What is known at run time only is one of the routes that a template makes. */
	private static boolean consumes(Definition definition, String uri) {
		String from = RouteFile.generalized(definition.route().at("/from/uri").asText());
		return isInternal(from) && isInternal(uri) && RouteFiles.meet(from, uri)
				&& (from.contains("*") || !uri.endsWith(":*"));
	}

	private static boolean isInternal(String uri) {
		return uri.startsWith("direct:") || uri.startsWith("seda:");
	}

	/** Files by their distance from the first ones; those without any arrow are last. */
	private List<RouteFile> inOrder() {
		Map<String, Set<String>> next = new TreeMap<>();
		for (RouteFile file : this.routes.files()) {
			next.put(file.name(),
					file.definitions()
						.stream()
						.flatMap((definition) -> sends(definition).stream())
						.flatMap((send) -> owners(send.uri()))
						.filter((owner) -> !owner.equals(file.name()))
						.collect(Collectors.toCollection(TreeSet::new)));
		}
		Map<String, Integer> distances = distances(next);
		return this.routes.files()
			.stream()
			.sorted(Comparator.comparing((RouteFile file) -> distances.getOrDefault(file.name(), Integer.MAX_VALUE))
				.thenComparing(RouteFile::name))
			.toList();
	}

	private static Map<String, Integer> distances(Map<String, Set<String>> next) {
		Set<String> reached = next.values().stream().flatMap(Collection::stream).collect(Collectors.toSet());
		Map<String, Integer> distances = new TreeMap<>();
		Set<String> front = next.keySet()
			.stream()
			.filter((file) -> !reached.contains(file) && !next.get(file).isEmpty())
			.collect(Collectors.toCollection(TreeSet::new));
		for (int distance = 0; !front.isEmpty(); distance++) {
			Set<String> following = new TreeSet<>();
			for (String file : front) {
				if (distances.putIfAbsent(file, distance) == null) {
					following.addAll(next.get(file));
				}
			}
			front = following;
		}
		return distances;
	}

	private static String name(String uri) {
		String words = RouteFile.generalized(uri).replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_|_$", "");
		return words.isEmpty() ? "endpoint" : words;
	}

	/** The endpoint without what only a machine reads. */
	private static String label(String uri, JsonNode options) {
		JsonNode interval = options.at("/parameters/trigger.repeatInterval");
		if (interval.isInt()) {
			int millis = interval.asInt();
			return (millis % 1000 == 0) ? "every %d s".formatted(millis / 1000) : "every %d ms".formatted(millis);
		}
		boolean http = options.path("parameters").has("httpMethod");
		String general = RouteFile.generalized(uri);
		return http ? "HTTP" : general.equals("*") ? "endpoint" : general;
	}

	private static String chart(String direction, Collection<String> lines) {
		return "```mermaid\nflowchart %s\n%s\n```".formatted(direction, String.join("\n", lines));
	}

	/**
	 * A step that sends.
	 *
	 * @param uri with {@code *} for each part known at run time only
	 */
	private record Send(String uri, JsonNode step) {

		String arrow() {
			return this.uri.startsWith("seda:") ? "-.->" : "-->";
		}

	}

}
