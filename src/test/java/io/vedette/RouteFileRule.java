package io.vedette;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
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

	/** Valid against the JSON schema in the camel-yaml-dsl jar. */
	VALID(RouteFileRule::schemaFindings),

	/** Options of an endpoint are in {@code parameters:}. */
	NO_QUERY_STRING(RouteFileRule::queryStrings),

	/** {@code expression: {simple: {expression: ...}}}, nothing shorter. */
	SPELLED_OUT_EXPRESSIONS(RouteFileRule::shortExpressions),

	/** A step is an object with one field, that one an object too. */
	SPELLED_OUT_STEPS(RouteFileRule::shortSteps),

	/** No {@code set-body}. */
	CAMEL_CASE_KEYS(RouteFileRule::otherKeys),

	/** The file is named like what it defines first. */
	NAMED_LIKE_ITS_FIRST(RouteFileRule::otherName),

	/** Each definition has an id: lower-case words with hyphens between. */
	IDENTIFIED(RouteFileRule::otherIds),

	/** Each route and template says in one sentence what it does. */
	DESCRIBED(RouteFileRule::otherDescriptions),

	/** It can be read at a glance. */
	SHORT(RouteFileRule::tooLong);

	private static final int MAX_LINES = 100;

	private static final int MAX_STEPS = 10;

	private static final int MAX_DESCRIPTION = 120;

	private static final Pattern RUN_TIME_PARTS = Pattern.compile("\\$\\{[^}]*}|\\{\\{[^}]*}}");

	private static final Pattern KEBAB_CASE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

	private static final Pattern CAMEL_CASE = Pattern.compile("[a-z][A-Za-z0-9]*");

	private static final Pattern SENTENCE = Pattern.compile("\\S.*\\.", Pattern.DOTALL);

	private static final Pattern SECOND_SENTENCE = Pattern.compile("[.!?]\\s+\\p{Lu}");

	private static final Set<String> ENDPOINTS = Set.of("uri", "deadLetterUri", "to");

	private static final Set<String> FREE_KEYS = Set.of("parameters", "properties", "constructors");

	/** Fields whose object is an expression. */
	private static final Set<String> EXPRESSIONS = Set.of("expression", "handled", "continued", "retryWhile",
			"correlationExpression", "completionPredicate", "completionSizeExpression", "completionTimeoutExpression");

	/**
	 * Fields whose object has an expression, which Camel would also take without that
	 * word.
	 */
	private static final Set<String> WITH_EXPRESSION = Set.of("delay", "dynamicRouter", "enrich", "filter",
			"idempotentConsumer", "loop", "onWhen", "pollEnrich", "recipientList", "resequence", "routingSlip",
			"script", "setBody", "setHeader", "setProperty", "setVariable", "headers", "variables", "sort", "split",
			"throttle", "transform", "validate", "when");

	private static final JsonSchema SCHEMA = camelSchema();

	private static final Set<String> LANGUAGES = languages();

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

	private static List<String> shortExpressions(RouteFile file) {
		List<String> findings = new ArrayList<>();
		for (Node node : file.nodes()) {
			if (WITH_EXPRESSION.contains(node.field()) && node.value().isObject()) {
				languagesIn(node)
					.map((language) -> "%s: %s stands alone; write it under expression".formatted(node.pointer(),
							language))
					.forEach(findings::add);
			}
			if (EXPRESSIONS.contains(node.field()) && node.value().isObject()) {
				languagesIn(node).filter((language) -> !node.value().path(language).isObject())
					.map((language) -> "%s/%s: short form; write %s: {expression: ...}".formatted(node.pointer(),
							language, language))
					.forEach(findings::add);
			}
		}
		return findings;
	}

	private static Stream<String> languagesIn(Node node) {
		return LANGUAGES.stream().filter(node.value()::has).sorted();
	}

	private static List<String> shortSteps(RouteFile file) {
		List<String> findings = new ArrayList<>();
		for (Node node : file.nodes()) {
			if (node.field().equals("steps") && node.value().isArray()) {
				node.value().forEach((step) -> {
					if (!isSpelledOut(step)) {
						findings.add("%s: short form %s; write \"- name: {uri|message|...: ...}\""
							.formatted(node.pointer(), step));
					}
				});
			}
			if (node.field().equals("from") && !node.value().isObject()) {
				findings.add("%s: short form %s; write from: {uri: ...}".formatted(node.pointer(), node.value()));
			}
		}
		return findings;
	}

	private static boolean isSpelledOut(JsonNode step) {
		return step.isObject() && step.size() == 1 && step.elements().next().isObject();
	}

	private static List<String> otherKeys(RouteFile file) {
		return file.nodes()
			.stream()
			.filter((node) -> !FREE_KEYS.contains(node.parent()))
			.filter((node) -> !node.field().isEmpty() && !CAMEL_CASE.matcher(node.field()).matches())
			.map((node) -> "%s: not camelCase".formatted(node.pointer()))
			.toList();
	}

	/**
	 * A file of nothing but several route configurations has no first one to stand for
	 * it.
	 */
	private static List<String> otherName(RouteFile file) {
		List<Definition> definitions = file.definitions();
		if (definitions.isEmpty()) {
			return List.of("defines nothing; expected a route, routeTemplate, routeConfiguration or rest");
		}
		if (definitions.size() > 1
				&& definitions.stream().allMatch((each) -> each.kind().equals("routeConfiguration"))) {
			return KEBAB_CASE.matcher(file.name()).matches() ? List.of()
					: List.of("name \"%s\": not kebab-case".formatted(file.name()));
		}
		String first = definitions.get(0).id();
		return file.name().equals(first) ? List.of()
				: List.of("name \"%s\": differs from the id of the first %s; rename it to %s%s".formatted(file.name(),
						definitions.get(0).kind(), first, RouteFile.SUFFIX));
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
			boolean required = definition.kind().startsWith("route") && !definition.kind().equals("routeConfiguration");
			if (required || !definition.description().isEmpty()) {
				findings.addAll(sentenceFindings(definition.id(), definition.description()));
			}
			if (definition.route() != definition.node() && definition.route().has("description")) {
				findings.addAll(sentenceFindings(definition.id(), definition.route().path("description").asText()));
			}
		}
		return findings;
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
			findings.add("%d lines; at most %d, one idea a file".formatted(file.lines().size(), MAX_LINES));
		}
		for (Definition definition : file.definitions()) {
			int steps = definition.route().at("/from/steps").size();
			if (steps > MAX_STEPS) {
				findings.add("%s: %d top-level steps; at most %d".formatted(definition.id(), steps, MAX_STEPS));
			}
		}
		return findings;
	}

	private static JsonSchema camelSchema() {
		try (InputStream schema = RouteFileRule.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
			var config = SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build();
			return JsonSchemaFactory.getInstance(VersionFlag.V4).getSchema(schema, config);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Set<String> languages() {
		Set<String> languages = new HashSet<>();
		SCHEMA.getSchemaNode()
			.at("/items/definitions/org.apache.camel.model.language.ExpressionDefinition/properties")
			.fieldNames()
			.forEachRemaining(languages::add);
		return languages;
	}

}
