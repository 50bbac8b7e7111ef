package io.vedette.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/**
 * A jq program, compiled once. Whatever it is given, it never fails: what it can't read
 * is not there.
 */
final class Jq {

	private static final Scope BUILTINS = Scope.newEmptyScope();

	static {
		BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_6, BUILTINS);
	}

	private final JsonQuery query;

	private Jq(JsonQuery query) {
		this.query = query;
	}

	/**
	 * Compiles a program.
	 * @throws JsonQueryException if it is no jq
	 */
	static Jq compile(String program) throws JsonQueryException {
		return new Jq(JsonQuery.compile(program, Versions.JQ_1_6));
	}

	/** The first value that it gives for this JSON, {@code MissingNode} if none. */
	JsonNode first(JsonNode json) {
		return first(all(BUILTINS, json));
	}

	/** The same, with the job's id in the variable {@code $jobId}. */
	JsonNode first(JsonNode json, String jobId) {
		return first(json, Map.of("jobId", jobId));
	}

	/** The same, with variables; one that is null is null of JSON. */
	JsonNode first(JsonNode json, Map<String, String> variables) {
		Scope scope = Scope.newChildScope(BUILTINS);
		variables.forEach((name, value) -> scope.setValue(name,
				(value != null) ? TextNode.valueOf(value) : NullNode.getInstance()));
		return first(all(scope, json));
	}

	/**
	 * The value that it gives, or several as a list: {@code .a} and {@code .a[]} alike.
	 */
	JsonNode listed(JsonNode json) {
		List<JsonNode> values = all(BUILTINS, json);
		return (values.size() > 1) ? JsonNodeFactory.instance.arrayNode().addAll(values) : first(values);
	}

	private static JsonNode first(List<JsonNode> values) {
		return values.isEmpty() ? MissingNode.getInstance() : values.get(0);
	}

	private List<JsonNode> all(Scope scope, JsonNode json) {
		List<JsonNode> values = new ArrayList<>(1);
		try {
			this.query.apply(scope, json, values::add);
		}
		catch (JsonQueryException ex) {
			// JSON of another shape; what came before is as good as ever.
		}
		return values;
	}

	@Override
	public String toString() {
		return this.query.toString();
	}

}
