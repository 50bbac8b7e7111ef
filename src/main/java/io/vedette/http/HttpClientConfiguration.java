package io.vedette.http;

import java.time.Duration;

import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.util.unit.DataSize;

/** The beans that the {@code http:} endpoints in the route files name. */
@Configuration(proxyBeanMethods = false)
class HttpClientConfiguration {

	/** A detection result is a few kilobytes; 10,000 faces fit. */
	@Bean
	HttpClientConfigurer answerLimits() {
		return new ReplyLimits(DataSize.ofMegabytes(4), Duration.ofSeconds(20));
	}

	/** What a webhook answers is of no interest, only that it does. */
	@Bean
	HttpClientConfigurer webhookLimits() {
		return ReplyLimits.ofStatus(Duration.ofSeconds(20));
	}

	/**
	 * Connections for one endpoint to a provider or to webhooks; the endpoint closes them
	 * when it stops.
	 */
	@Bean(destroyMethod = "")
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	HttpClientConnectionManager connections() {
		return BoundedConnections.through(SystemDefaultDnsResolver.INSTANCE, 64, Duration.ofSeconds(10));
	}

}
