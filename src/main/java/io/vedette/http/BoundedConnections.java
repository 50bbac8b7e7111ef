package io.vedette.http;

import java.time.Duration;

import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.Timeout;

/**
 * Connections to servers that others have chosen: addresses from one resolver, and status
 * line and headers of a reply of at most 64 KB together.
 */
final class BoundedConnections {

	private BoundedConnections() {
	}

	/**
	 * A pool of its own. The client that uses it closes it.
	 * @param resolver names the addresses to connect to, for IP literals too
	 * @param total most connections at a time, to one host or to all
	 * @param timeout longest wait for a connection, and for the next byte
	 */
	static PoolingHttpClientConnectionManager through(DnsResolver resolver, int total, Duration timeout) {
		return PoolingHttpClientConnectionManagerBuilder.create()
			.setDnsResolver(resolver)
			.setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
				.http1Config(BoundedHead.CONFIG)
				.responseParserFactory(new BoundedHead())
				.incomingContentLengthStrategy(BoundedHead::bodyLength)
				.build())
			.setMaxConnTotal(total)
			.setMaxConnPerRoute(total)
			.setDefaultConnectionConfig(ConnectionConfig.custom()
				.setConnectTimeout(Timeout.of(timeout))
				.setSocketTimeout(Timeout.of(timeout))
				.build())
			.build();
	}

}
