package io.vedette.provider;

import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProvidersTest {

	/** An intake may start first: what it takes in then is not to be turned away. */
	@Test
	void knowsAProviderBeforeItsRouteIsStarted() throws Exception {
		try (DefaultCamelContext camel = new DefaultCamelContext()) {
			camel.addRoutes(new RouteBuilder() {

				@Override
				public void configure() {
					from("direct:ask-akool").routeId("ask-akool").to("direct:anywhere");
				}

			});
			Providers providers = new Providers(camel, null, null, null);
			assertThat(camel.getRoute("ask-akool")).isNull();
			assertThat(providers.knows("akool")).isTrue();
			assertThat(providers.knows("nobody")).isFalse();
		}
	}

}
