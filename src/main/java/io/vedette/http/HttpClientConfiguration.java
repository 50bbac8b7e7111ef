package io.vedette.http;

import java.time.Duration;

import io.vedette.config.ConfigurationProblem;
import io.vedette.config.VedetteProperties;
import io.vedette.egress.EgressGuard;
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

	@Bean
	EgressGuard egressGuard(VedetteProperties properties) {
		try {
			return new EgressGuard(properties.egress().allow());
		}
		catch (IllegalArgumentException ex) {
			throw new ConfigurationProblem(ex.getMessage(), "Correct the entry.");
		}
	}

	/** A detection result is a few kilobytes; 10,000 faces fit. */
	@Bean
	HttpClientConfigurer answerLimits() {
		return new ReplyLimits(DataSize.ofMegabytes(4), Duration.ofSeconds(20));
	}

	/** What a webhook answers is of no interest, only that it does. */
	@Bean
	HttpClientConfigurer webhookLimits() {
		return new ReplyLimits(DataSize.ofMegabytes(1), Duration.ofSeconds(20));
	}

	@Bean
	HttpClientConfigurer pictureLimits() {
		return new ReplyLimits(DataSize.ofMegabytes(32), Duration.ofSeconds(60));
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

	/** The same, but they open only to addresses that the guard lets through. */
	@Bean(destroyMethod = "")
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	HttpClientConnectionManager pictureConnections(EgressGuard guard) {
		return BoundedConnections.through(guard, 64, Duration.ofSeconds(10));
	}

}
