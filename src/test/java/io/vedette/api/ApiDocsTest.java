package io.vedette.api;

import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.RunningVedette;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

class ApiDocsTest extends RunningVedette {

	@Autowired
	private RequestMappingHandlerMapping requestMappingHandlerMapping;

	@Test
	void describesEveryCall() {
		List<String> calls = this.requestMappingHandlerMapping.getHandlerMethods()
			.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().getBeanType().getPackageName().equals("io.vedette.api"))
			.filter((entry) -> !entry.getKey().getPatternValues().contains("/error"))
			.flatMap((entry) -> entry.getKey()
				.getMethodsCondition()
				.getMethods()
				.stream()
				.flatMap((method) -> entry.getKey().getPatternValues().stream().map((path) -> method + " " + path)))
			.toList();
		assertThat(calls).contains("GET /jobs");
		assertThat(openApi().operations()).containsExactlyInAnyOrderElementsOf(calls);
	}

	@Test
	void explainsEveryCallParameterAndMember() {
		assertThat(openApi().document().path("openapi").asText()).startsWith("3.1");
		Stream<JsonNode> operations = stream(openApi().document().path("paths")).flatMap(ApiDocsTest::stream);
		assertThat(operations).isNotEmpty().allSatisfy((operation) -> {
			assertThat(operation.path("summary").asText() + operation.path("description").asText()).isNotBlank();
			assertThat(operation.path("parameters")).allSatisfy((parameter) -> assertThat(parameter.has("description"))
				.as("%s of %s is described", parameter.path("name"), operation.path("operationId"))
				.isTrue());
			assertThat(operation.at("/responses/503/content").fieldNames()).toIterable()
				.containsExactly("application/problem+json");
		});
		assertThat(openApi().document().at("/components/schemas/JobView/required")).extracting(JsonNode::asText)
			.contains("provider", "finishedAt")
			.doesNotContain("faces");
		assertThat(openApi().document().at("/components/schemas/JobRequest/required")).extracting(JsonNode::asText)
			.containsExactly("provider");
		assertThat(openApi().document().path("components").path("schemas"))
			.allSatisfy((schema) -> assertThat(schema.has("description")).as("%s is described", schema).isTrue());
	}

	@Test
	void listsNullAmongTheValuesOfAMemberThatMayBeNull() {
		List<JsonNode> lists = openApi().document()
			.path("components")
			.path("schemas")
			.findParents("enum")
			.stream()
			.filter((member) -> stream(member.path("type")).anyMatch((type) -> type.asText().equals("null")))
			.toList();
		assertThat(lists).isNotEmpty()
			.allSatisfy((member) -> assertThat(member.path("enum")).anyMatch(JsonNode::isNull));
	}

	@Test
	void namesNoHostThatACallerNames() {
		assertThat(openApi().document().at("/servers").findValuesAsText("url")).containsExactly("/");
		assertThat(get("/swagger-ui.html").headers().firstValue("location")).contains("/swagger-ui/index.html");
		assertThat(get("/v3/api-docs/swagger-config").body()).doesNotContain("127.0.0.1");
	}

	@Test
	void showsSwaggerUiUnderAPolicyThatLoadsFromNowhereElse() {
		assertThat(get("/swagger-ui/index.html").headers().firstValue("content-security-policy").orElseThrow())
			.startsWith("default-src 'self';")
			.doesNotContain("script-src", "http");
		assertThat(get("/swagger-ui/swagger-initializer.js").body()).doesNotContain("petstore", "validator.swagger.io");
	}

	private static Stream<JsonNode> stream(JsonNode node) {
		return StreamSupport.stream(node.spliterator(), false);
	}

}
