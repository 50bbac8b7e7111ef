package io.vedette.config;

import java.nio.charset.StandardCharsets;

import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class RouteReferencesTest {

	@Test
	void refusesARouteConfigurationThatIsNotDefined() {
		assertThatExceptionOfType(ConfigurationProblem.class)
			.isThrownBy(() -> check("ask-one", "retry-on-fautl", "direct:two"))
			.withMessageContaining("route \"ask-one\": routeConfigurationId \"retry-on-fautl\" is not defined")
			.withMessageContaining("retry-on-fault");
	}

	@ParameterizedTest
	@ValueSource(strings = { "direct:read-one", "seda:watch-jobs" })
	void refusesAStepToAnEndpointThatNoRouteConsumes(String endpoint) {
		assertThatExceptionOfType(ConfigurationProblem.class)
			.isThrownBy(() -> check("ask-one", "retry-on-fault", endpoint))
			.withMessage("route \"ask-one\": sends to \"%s\", which no route consumes.".formatted(endpoint));
	}

	@Test
	void letsRoutesAndTemplatesBeSentTo() {
		assertThatNoException().isThrownBy(() -> check("ask-one", "retry-on-fault", "direct:two"));
		assertThatNoException().isThrownBy(() -> check("ask-one", "retry-on-fault", "direct:made-of-three"));
	}

	private static void check(String id, String configuration, String uri) throws Exception {
		String routes = """
				- routeConfiguration:
				    id: retry-on-fault
				- routeTemplate:
				    id: made
				    parameters:
				      - name: name
				    from:
				      uri: direct:made-of-{{name}}
				      steps: []
				- route:
				    id: two
				    from:
				      uri: direct:two
				      steps: []
				- route:
				    id: %s
				    routeConfigurationId: %s
				    from:
				      uri: direct:one
				      steps:
				        - doTry:
				            steps:
				              - choice:
				                  when:
				                    - expression:
				                        simple:
				                          expression: ${body} == 1
				                      steps:
				                        - to:
				                            uri: %s
				            doCatch:
				              - exception:
				                  - java.lang.Exception
				                steps: []
				""".formatted(id, configuration, uri);
		try (DefaultCamelContext camel = new DefaultCamelContext()) {
			PluginHelper.getRoutesLoader(camel)
				.loadRoutes(ResourceHelper.fromBytes("routes.camel.yaml", routes.getBytes(StandardCharsets.UTF_8)));
			new RouteReferences().beforeApplicationStart(camel);
		}
	}

}
