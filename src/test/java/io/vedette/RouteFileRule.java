package io.vedette;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.vedette.RouteFile.Definition;
import io.vedette.RouteFile.Node;

/**
 * What each route file has to be like. A rule names what it found: where, what, and what
 * is expected.
 */
enum RouteFileRule {

	/**
	 * Valid against the schema of canonical YAML in the camel-yaml-dsl jar: no short
	 * expression or step, no {@code set-body}.
	 */
	CANONICAL(RouteFileRule::schemaFindings),

	/** Options of an endpoint are in {@code parameters:}. */
	NO_QUERY_STRING(RouteFileRule::queryStrings),

	/** The file is a stage: named like one of its definitions, or like none of them. */
	NAMED_LIKE_ITS_STAGE(RouteFileRule::otherName),

	/** Each definition has an id: lower-case words with hyphens between. */
	IDENTIFIED(RouteFileRule::otherIds),

	/** Each route and template says in one sentence what it does. */
	DESCRIBED(RouteFileRule::otherDescriptions),

	/** Each parameter of a template says what it is. */
	PARAMETERS_DESCRIBED(RouteFileRule::otherParameters),

	/** It can be read at a glance. */
	SHORT(RouteFileRule::tooLong);

	private static final int MAX_LINES = 120;

	private static final int MAX_STEPS = 8;

	private static final int MAX_DESCRIPTION = 120;

	private static final Pattern RUN_TIME_PARTS = Pattern.compile("\\$\\{[^}]*}|\\{\\{[^}]*}}");

	private static final Pattern KEBAB_CASE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

	private static final Pattern SENTENCE = Pattern.compile("\\S.*\\.", Pattern.DOTALL);

	private static final Pattern SECOND_SENTENCE = Pattern.compile("[.!?]\\s+\\p{Lu}");

	private static final Set<String> ENDPOINTS = Set.of("uri", "deadLetterUri", "to");

	/** Stages of routes or policies of which none stands for the others. */
	private static final Set<String> STAGES = Set.of("error-handling", "keep-house");

	private static final JsonSchema SCHEMA = canonicalSchema();

	private final Function<RouteFile, List<String>> check;

	RouteFileRule(Function<RouteFile, List<String>> check) {
		this.check = check;
	}

	List<String> findings(RouteFile file) {
		return this.check.apply(file);
	}

	private static List<String> schemaFindings(RouteFile file) {
		return SCHEMA.validate(file.tree()).stream().map(ValidationMessage::getMessage).toList();
	}

	private static List<String> queryStrings(RouteFile file) {
		return file.nodes()
			.stream()
			.filter((node) -> ENDPOINTS.contains(node.field()))
			.filter((node) -> RUN_TIME_PARTS.matcher(node.text()).replaceAll("").contains("?"))
			.map((node) -> "%s \"%s\": has a query string; write its options under parameters".formatted(node.pointer(),
					node.text()))
			.toList();
	}

	private static List<String> otherName(RouteFile file) {
		List<String> ids = file.definitions().stream().map(Definition::id).toList();
		if (ids.isEmpty()) {
			return List
				.of("defines nothing; expected a route, routeTemplate, templatedRoute, routeConfiguration or rest");
		}
		return ids.contains(file.name()) || STAGES.contains(file.name()) ? List.of()
				: List
					.of("name \"%s\": neither a stage nor the id of one of %s; rename it to the one that stands for all"
						.formatted(file.name(), ids));
	}

	private static List<String> otherIds(RouteFile file) {
		List<String> findings = new ArrayList<>();
		file.tree().forEach((item) -> item.fieldNames().forEachRemaining((kind) -> {
			if (kind.equals("from")) {
				findings.add("from without a route; write route: {id, description, from}");
			}
		}));
		file.definitions()
			.stream()
			.flatMap((definition) -> Stream.of(definition.id(), definition.route().path("id").asText(definition.id())))
			.distinct()
			.filter((id) -> !KEBAB_CASE.matcher(id).matches())
			.map((id) -> "id \"%s\": not kebab-case".formatted(id))
			.forEach(findings::add);
		return findings;
	}

	private static List<String> otherDescriptions(RouteFile file) {
		List<String> findings = new ArrayList<>();
		for (Definition definition : file.definitions()) {
			boolean required = Set.of("route", "routeTemplate").contains(definition.kind());
			if (required || !definition.description().isEmpty()) {
				findings.addAll(sentenceFindings(definition.id(), definition.description()));
			}
			if (definition.route() != definition.node() && definition.route().has("description")) {
				findings.addAll(sentenceFindings(definition.id(), definition.route().path("description").asText()));
			}
		}
		return findings;
	}

	private static List<String> otherParameters(RouteFile file) {
		return file.definitions()
			.stream()
			.filter((definition) -> definition.kind().equals("routeTemplate"))
			.flatMap((definition) -> StreamSupport.stream(definition.node().path("parameters").spliterator(), false)
				.filter((parameter) -> parameter.path("description").asText().isBlank())
				.map((parameter) -> "%s, parameter \"%s\": no description".formatted(definition.id(),
						parameter.path("name").asText())))
			.toList();
	}

	private static List<String> sentenceFindings(String id, String description) {
		String where = "%s, description \"%s\": ".formatted(id, description);
		if (!SENTENCE.matcher(description.strip()).matches()) {
			return List.of(where + "no sentence; end it with a period");
		}
		if (SECOND_SENTENCE.matcher(description).find()) {
			return List.of(where + "more than one sentence");
		}
		return description.lines().noneMatch((line) -> line.length() > MAX_DESCRIPTION) ? List.of()
				: List.of(where + "a line of more than %d characters".formatted(MAX_DESCRIPTION));
	}

	private static List<String> tooLong(RouteFile file) {
		List<String> findings = new ArrayList<>();
		if (file.lines().size() > MAX_LINES) {
			findings.add("%d lines; at most %d, one stage a file".formatted(file.lines().size(), MAX_LINES));
		}
		for (Definition definition : file.definitions()) {
			int steps = definition.route().at("/from/steps").size();
			if (steps > MAX_STEPS) {
				findings.add("%s: %d top-level steps; at most %d".formatted(definition.id(), steps, MAX_STEPS));
			}
		}
		return findings;
	}

	/** The schema of Camel 4.22.0 wants all data formats at once of an unmarshal. */
	private static JsonSchema canonicalSchema() {
		try (InputStream text = RouteFileRule.class.getResourceAsStream("/schema/camelYamlDsl-canonical.json")) {
			JsonNode schema = new ObjectMapper().readTree(text);
			((ObjectNode) schema.at("/items/definitions/org.apache.camel.model.UnmarshalDefinition"))
				.remove("required");
			var config = SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build();
			return JsonSchemaFactory.getInstance(VersionFlag.V4).getSchema(schema, config);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
