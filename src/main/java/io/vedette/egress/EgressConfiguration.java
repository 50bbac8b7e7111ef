package io.vedette.egress;

import java.time.Duration;

import io.vedette.config.ConfigurationProblem;
import io.vedette.config.VedetteProperties;
import io.vedette.http.BoundedConnections;
import io.vedette.http.ReplyLimits;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.util.unit.DataSize;

/** The beans that the {@code http:} endpoint for pictures names. */
@Configuration(proxyBeanMethods = false)
class EgressConfiguration {

	@Bean
	EgressGuard egressGuard(VedetteProperties properties) {
		try {
			return new EgressGuard(properties.egress().allow());
		}
		catch (IllegalArgumentException ex) {
			throw new ConfigurationProblem(ex.getMessage(), "Correct the entry.");
		}
	}

	@Bean
	HttpClientConfigurer pictureLimits(EgressGuard guard) {
		return new ReplyLimits(DataSize.ofMegabytes(32), Duration.ofSeconds(60), new PictureRedirects(guard));
	}

	/**
	 * Connections for one endpoint, which closes them when it stops. They open only to
	 * addresses that the guard lets through.
	 */
	@Bean(destroyMethod = "")
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	HttpClientConnectionManager pictureConnections(EgressGuard guard) {
		return BoundedConnections.through(guard, 64, Duration.ofSeconds(10));
	}

}
