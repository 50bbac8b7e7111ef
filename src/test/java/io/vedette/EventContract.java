package io.vedette;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code docs/asyncapi.yaml} and the schemas it refers to say of each event. A
 * member that is not described is as wrong as one that is missing.
 */
public final class EventContract {

	private static final Path PAGE = Path.of("docs/asyncapi.yaml");

	private static final ObjectMapper json = new ObjectMapper();

	private static final Map<String, JsonSchema> payloads = payloads();

	private EventContract() {
	}

	/** The types of events that are described. */
	public static Set<String> types() {
		return payloads.keySet();
	}

	/** Fails where an event is not as described. */
	public static void check(JsonNode event) {
		String type = event.path("type").asText();
		assertThat(payloads).as("described events").containsKey(type);
		assertThat(payloads.get(type)
			.validate(event, (context) -> context.getExecutionConfig().setFormatAssertionsEnabled(true)))
			.as("%s as described", event)
			.isEmpty();
	}

	private static Map<String, JsonSchema> payloads() {
		JsonNode page = page();
		JsonSchemaFactory factory = JsonSchemaFactory.getInstance(VersionFlag.V202012);
		Map<String, JsonSchema> payloads = new TreeMap<>();
		for (JsonNode reference : page.at("/channels/target/messages")) {
			JsonNode message = page.at(reference.path("$ref").asText().substring(1));
			ObjectNode payload = (ObjectNode) resolved(page, message.path("payload"));
			payload.put("unevaluatedProperties", false);
			payloads.put(message.path("name").asText(), factory.getSchema(payload));
		}
		return payloads;
	}

	private static JsonNode page() {
		try {
			return json.valueToTree(new Yaml().load(Files.readString(PAGE)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The same with what it refers to in place of each reference. */
	private static JsonNode resolved(JsonNode page, JsonNode node) {
		if (node.path("$ref") instanceof TextNode reference) {
			return reference.asText().startsWith("#") ? resolved(page, page.at(reference.asText().substring(1)))
					: closed(reference.asText());
		}
		if (node.isArray()) {
			ArrayNode items = json.createArrayNode();
			node.forEach((item) -> items.add(resolved(page, item)));
			return items;
		}
		if (node.isObject()) {
			ObjectNode members = json.createObjectNode();
			node.properties().forEach((member) -> members.set(member.getKey(), resolved(page, member.getValue())));
			return members;
		}
		return node;
	}

	private static JsonNode closed(String file) {
		try {
			ObjectNode schema = (ObjectNode) json.readTree(Files.readString(PAGE.resolveSibling(file).normalize()));
			schema.remove("$id");
			return schema.put("additionalProperties", false);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
