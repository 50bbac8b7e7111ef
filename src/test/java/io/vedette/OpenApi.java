package io.vedette;

import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code /v3/api-docs} says, to hold answers against. A member that is not described
 * is as wrong as one that is missing.
 */
public final class OpenApi {

	private static final ObjectMapper json = new ObjectMapper();

	private static final JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(VersionFlag.V202012);

	private final ObjectNode document;

	private final Map<String, Pattern> paths = new LinkedHashMap<>();

	private final Map<String, JsonSchema> known = new ConcurrentHashMap<>();

	private OpenApi(ObjectNode document) {
		this.document = document;
		document.path("paths")
			.fieldNames()
			.forEachRemaining((path) -> this.paths.put(path,
					Pattern.compile(path.replaceAll("\\{[^}]*}", "[^/]+").replace(".", "\\."))));
		document.at("/components/schemas").forEach(OpenApi::close);
	}

	static OpenApi of(String text) {
		try {
			return new OpenApi((ObjectNode) json.readTree(text));
		}
		catch (JsonProcessingException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	private static void close(JsonNode schema) {
		if (schema.has("properties") && !schema.has("additionalProperties")) {
			((ObjectNode) schema).put("additionalProperties", false);
		}
	}

	/** The operations, as in {@code GET /jobs}. */
	public Set<String> operations() {
		Set<String> operations = new TreeSet<>();
		this.document.path("paths")
			.properties()
			.forEach((path) -> path.getValue()
				.fieldNames()
				.forEachRemaining((method) -> operations.add(method.toUpperCase() + " " + path.getKey())));
		return operations;
	}

	public JsonNode document() {
		return this.document;
	}

	/**
	 * Fails where an answer is none of those that are described; what is asked of no
	 * known path, or by another method, gets a problem.
	 */
	void check(HttpResponse<String> answer) {
		String path = answer.request().uri().getRawPath();
		if (path.matches("/(actuator|v3|swagger-ui|schemas)\\b.*") && answer.statusCode() != 401
				&& answer.statusCode() != 404 || answer.request().method().equals("OPTIONS")) {
			return;
		}
		Optional<JsonNode> operation = Stream.of(path)
			.flatMap((raw) -> this.paths.entrySet()
				.stream()
				.filter((one) -> one.getValue().matcher(raw).matches())
				.map(Map.Entry::getKey))
			.map((template) -> this.document.path("paths").path(template).path(answer.request().method().toLowerCase()))
			.filter(JsonNode::isObject)
			.findFirst();
		String type = answer.headers().firstValue("content-type").orElse("").replaceAll(";.*", "");
		if (operation.isEmpty()) {
			assertThat(answer.statusCode()).as("status of what is not described").isBetween(400, 499);
			assertThat(type).as("content type").isEqualTo("application/problem+json");
			check("/components/schemas/Problem", answer.body());
			return;
		}
		String status = String.valueOf(answer.statusCode());
		JsonNode response = operation.get().path("responses").path(status);
		String call = answer.request().method() + " " + path + " -> " + status;
		assertThat(response.isObject()).as(call + " is described").isTrue();
		if (response.path("content").isEmpty()) {
			assertThat(answer.body()).as(call).isEmpty();
			return;
		}
		assertThat(response.path("content").has(type)).as(call + " as " + type + " is described").isTrue();
		if (type.endsWith("json")) {
			check(response.path("content").path(type).path("schema"), call, answer.body());
		}
	}

	private void check(String pointer, String body) {
		check(this.document.at(pointer), pointer, body);
	}

	private void check(JsonNode schema, String call, String body) {
		try {
			assertThat(this.known.computeIfAbsent(schema.toString(), (key) -> compile(schema))
				.validate(json.readTree(body))).as("%s as described: %s", call, body).isEmpty();
		}
		catch (JsonProcessingException ex) {
			throw new AssertionError(call + ": no JSON: " + body, ex);
		}
	}

	private JsonSchema compile(JsonNode schema) {
		ObjectNode whole = json.createObjectNode();
		whole.putArray("allOf").add(schema);
		whole.set("components", this.document.path("components"));
		return schemas.getSchema(whole);
	}

}
