package io.vedette.http;

import java.time.Duration;

import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

/** The clients that the {@code http:} endpoints in the route files name. */
@Configuration(proxyBeanMethods = false)
class HttpClientConfiguration {

	/** A detection result is a few kilobytes; 10,000 faces fit. */
	@Bean
	HttpClientConfigurer providerClient() {
		return new BoundedClient(new ReplyLimits(DataSize.ofMegabytes(4), Duration.ofSeconds(20)),
				SystemDefaultDnsResolver.INSTANCE, 64);
	}

	/**
	 * What a webhook answers is of no interest, only that it does. As many connections as
	 * attempts are under way, so that one that hangs leaves the others theirs.
	 */
	@Bean
	HttpClientConfigurer webhookClient() {
		return new BoundedClient(ReplyLimits.ofStatus(Duration.ofSeconds(20)), SystemDefaultDnsResolver.INSTANCE,
				Short.MAX_VALUE);
	}

}
