package io.vedette.http;

import java.time.Duration;

import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/**
 * The client of each camel-http endpoint that names it as {@code httpClientConfigurer}:
 * its replies are bounded, and its connections are its own, which it closes when the
 * endpoint stops.
 *
 * @param limits what is taken in reply
 * @param resolver names the addresses to connect to, for IP literals too
 * @param connections most connections at a time, to one host or to all
 */
public record BoundedClient(ReplyLimits limits, DnsResolver resolver, int connections) implements HttpClientConfigurer {

	/** Longest wait for a connection, and for the next byte. */
	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	@Override
	public void configureHttpClient(HttpClientBuilder client) {
		this.limits.configureHttpClient(client);
		client.setConnectionManager(BoundedConnections.through(this.resolver, this.connections, TIMEOUT));
	}

	/** Hangs up on whoever has not answered a little later. */
	@EventListener(ContextClosedEvent.class)
	public void stop() {
		this.limits.stop();
	}

}
