package io.vedette.egress;

import java.time.Duration;

import io.vedette.config.ConfigurationProblem;
import io.vedette.config.VedetteProperties;
import io.vedette.http.BoundedClient;
import io.vedette.http.ReplyLimits;
import org.apache.camel.component.http.HttpClientConfigurer;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

/** The client that the {@code http:} endpoint for pictures names. */
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

	/** Its connections open only to addresses that the guard lets through. */
	@Bean
	HttpClientConfigurer pictureClient(EgressGuard guard) {
		return new BoundedClient(
				new ReplyLimits(DataSize.ofMegabytes(32), Duration.ofSeconds(60), new PictureRedirects(guard)), guard,
				64);
	}

}
