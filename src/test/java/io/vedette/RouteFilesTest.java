package io.vedette;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class RouteFilesTest {

	private static final ConfigKeys KEYS = ConfigKeys.read(Path.of("config/application.yaml"));

	private static final RouteFiles ROUTES = new RouteFiles(RouteFile.in("routes"));

	private static final List<RouteFile> EXAMPLES = RouteFile.in("examples");

	@Test
	void seesRoutesAndExamples() {
		assertThat(ROUTES.files()).isNotEmpty();
		assertThat(EXAMPLES).isNotEmpty();
	}

	@TestFactory
	Stream<DynamicContainer> everyFileKeepsEveryRule() {
		return Stream.concat(ROUTES.files().stream(), EXAMPLES.stream())
			.map((file) -> DynamicContainer.dynamicContainer(file.path().toString(),
					Stream.of(RouteFileRule.values())
						.map((rule) -> DynamicTest.dynamicTest("%s: %s".formatted(file.path(), rule),
								() -> assertThat(rule.findings(file)).as("%s, %s", file.path(), rule).isEmpty()))));
	}

	@ParameterizedTest
	@MethodSource("bundles")
	void everyEndpointSentToIsConsumed(RouteFiles bundle) {
		assertThat(bundle.danglingEndpoints()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("bundles")
	void everyIdIsUnique(RouteFiles bundle) {
		assertThat(bundle.duplicateIds()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("bundles")
	void everyRouteConfigurationNamedIsDefined(RouteFiles bundle) {
		assertThat(bundle.unknownRouteConfigurations()).isEmpty();
	}

	@Test
	void everyKeyOfTheRoutesIsDefined() {
		assertThat(ROUTES.undefinedKeys(KEYS, true)).isEmpty();
	}

	@Test
	void everyKeyOfTheExamplesIsDocumented() {
		assertThat(new RouteFiles(EXAMPLES).undefinedKeys(KEYS, false)).isEmpty();
	}

	/** The routes, and the routes with each example added. */
	private static Stream<RouteFiles> bundles() {
		return Stream.concat(Stream.of(ROUTES), EXAMPLES.stream()
			.map((example) -> new RouteFiles(Stream.concat(ROUTES.files().stream(), Stream.of(example)).toList())));
	}

	/** Each rule lets a good file pass and reports a bad one. */
	@Nested
	class Rules {

		private final RouteFile good = RouteFile
			.read(Path.of("src/test/resources/sample-routes/ask-sample.camel.yaml"));

		private final RouteFiles bundle = new RouteFiles(List.of(this.good));

		private final ConfigKeys keys = ConfigKeys.read(Path.of("src/test/resources/sample-routes/application.yaml"));

		@ParameterizedTest
		@EnumSource
		void findNothingInAGoodFile(RouteFileRule rule) {
			assertThat(rule.findings(this.good)).isEmpty();
		}

		@Test
		void findNothingBetweenGoodFiles() {
			assertThat(this.bundle.danglingEndpoints()).isEmpty();
			assertThat(this.bundle.duplicateIds()).isEmpty();
			assertThat(this.bundle.unknownRouteConfigurations()).isEmpty();
			assertThat(this.bundle.undefinedKeys(this.keys, true)).isEmpty();
		}

		@Test
		void reportWhatTheSchemaForbids() {
			assertFindings(RouteFileRule.CANONICAL, "invalid",
					"/0/route/from/steps/0: property 'setBodi' is not defined");
		}

		@Test
		void reportQueryStrings() {
			assertFindings(RouteFileRule.NO_QUERY_STRING, "query-string", "timer:tick?period=1000", "seda:tock?size=5");
		}

		@Test
		void reportShortExpressions() {
			assertFindings(RouteFileRule.CANONICAL, "short-expression", "steps/0/setBody: property 'simple'",
					"steps/1/choice/when/0: property 'simple'", "steps/2/setHeader/expression/constant: string found");
		}

		@Test
		void reportShortSteps() {
			assertFindings(RouteFileRule.CANONICAL, "short-step", "steps/0/to: string found",
					"steps/1/log: string found", "steps/2: string found");
		}

		@Test
		void reportAShortFrom() {
			assertFindings(RouteFileRule.CANONICAL, "short-from", "/0/route/from: string found");
		}

		@Test
		void reportKebabCaseKeys() {
			assertFindings(RouteFileRule.CANONICAL, "kebab-key", "property 'set-body'");
		}

		@Test
		void reportAFileNamedOtherwise() {
			assertFindings(RouteFileRule.NAMED_LIKE_ITS_STAGE, "misnamed",
					"name \"misnamed\": neither a stage nor the id of one of [well-named]");
		}

		@Test
		void reportAFileThatDefinesNothing() {
			assertFindings(RouteFileRule.NAMED_LIKE_ITS_STAGE, "empty", "defines nothing");
		}

		@Test
		void reportMissingAndOtherIds() {
			assertFindings(RouteFileRule.IDENTIFIED, "unidentified", "from without a route", "id \"\"",
					"id \"routeOne\"");
		}

		@Test
		void reportDescriptionsThatAreNotOneSentence() {
			assertFindings(RouteFileRule.DESCRIBED, "undescribed", "no-description, description \"\": no sentence",
					"no-period, ", "two-sentences, ", "long-line, ");
		}

		@Test
		void reportParametersWithoutADescription() {
			assertFindings(RouteFileRule.PARAMETERS_DESCRIBED, "undescribed-parameter", "parameter \"uri\"");
		}

		@Test
		void reportLongFilesAndRoutes() {
			assertFindings(RouteFileRule.SHORT, "long", "121 lines", "9 top-level steps");
		}

		@Test
		void reportDanglingEndpoints() {
			assertThat(broken("dangling").danglingEndpoints()).hasSize(3)
				.anyMatch((finding) -> finding.contains("direct:nobody"))
				.anyMatch((finding) -> finding.contains("seda:none-*"))
				.anyMatch((finding) -> finding.contains("direct:nowhere"));
		}

		@Test
		void reportDuplicateIds() {
			assertThat(new RouteFiles(List.of(this.good, this.good)).duplicateIds())
				.contains("id \"ask-sample\": more than once");
		}

		@Test
		void reportUnknownRouteConfigurations() {
			assertThat(broken("unknown-configuration").unknownRouteConfigurations())
				.containsExactly("unknown-configuration: routeConfigurationId \"retry-on-fautl\" is not defined");
		}

		@Test
		void reportUndefinedKeys() {
			assertThat(broken("undefined-key").undefinedKeys(this.keys, true)).hasSize(4)
				.anyMatch((finding) -> finding.contains("\"vedette.providers.sample.bass-url\""))
				.anyMatch((finding) -> finding.contains("\"vedette.providers.sample.api-kay\""))
				.anyMatch((finding) -> finding.contains("\"vedette.providers.sample.tokne\""))
				.anyMatch((finding) -> finding.contains("\"parameter\""));
		}

		private static void assertFindings(RouteFileRule rule, String sample, String... fragments) {
			List<String> findings = rule.findings(broken(sample).files().get(0));
			assertThat(findings).hasSameSizeAs(fragments);
			for (String fragment : fragments) {
				assertThat(findings).anyMatch((finding) -> finding.contains(fragment));
			}
		}

		private static RouteFiles broken(String sample) {
			return new RouteFiles(
					List.of(RouteFile.read(Path.of("src/test/resources/broken-routes", sample + RouteFile.SUFFIX))));
		}

	}

}
