package io.vedette.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChain.Scope;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.message.MessageSupport;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.util.unit.DataSize;

/**
 * Bounds what a camel-http endpoint takes in reply ({@code httpClientConfigurer}), so
 * that no server can fill our memory or hold our threads. The size holds twice: for what
 * comes over the wire, and for what that decompresses to; the time runs from the start of
 * the request to the last byte. Past a limit the connection is thrown away, not drained,
 * and the exchange fails with a {@link ReplyRefusedException} (size, unknown compression)
 * or a {@link java.net.SocketTimeoutException} (time). A reply within the limits returns
 * its connection to the pool.
 * <p>
 * The endpoint's client is also told to do nothing behind the route's back: no redirects,
 * no cookies, no retries, no cached credentials. How long a status line or header may be
 * is up to the connections: {@link BoundedConnections}.
 */
public final class ReplyLimits implements HttpClientConfigurer {

	/** How long calls under way may still take once this node stops. */
	private static final Duration LAST_CALLS = Duration.ofSeconds(3);

	private final Set<Reply> awaited = ConcurrentHashMap.newKeySet();

	private final DataSize maxSize;

	private final Duration maxDuration;

	private volatile boolean over;

	/**
	 * Both limits must be positive.
	 * @param maxSize longest body, in bytes
	 * @param maxDuration longest time from the start of the request to the end of the
	 * reply
	 */
	public ReplyLimits(DataSize maxSize, Duration maxDuration) {
		if (maxSize.toBytes() <= 0 || maxDuration.isZero() || maxDuration.isNegative()) {
			throw new IllegalArgumentException(
					"reply limits \"%s, %s\": not positive; expected for example 1MB and 20s.".formatted(maxSize,
							maxDuration));
		}
		this.maxSize = maxSize;
		this.maxDuration = maxDuration;
	}

	@Override
	public void configureHttpClient(HttpClientBuilder client) {
		client.disableRedirectHandling().disableCookieManagement().disableAutomaticRetries().disableAuthCaching();
		client.addExecInterceptorFirst("whole-reply-limits", this::limitWhole);
		client.addExecInterceptorLast("raw-reply-limits", this::limitRaw);
	}

	/**
	 * Hangs up on whoever has not answered a little later: Camel would wait for them as
	 * long as they like.
	 */
	@EventListener(ContextClosedEvent.class)
	public void stop() {
		CompletableFuture.delayedExecutor(LAST_CALLS.toMillis(), TimeUnit.MILLISECONDS).execute(() -> {
			this.over = true;
			this.awaited.forEach(Reply::abandon);
		});
	}

	private Reply await(Scope scope) throws IOException {
		Reply reply = Reply.await(scope, this.maxSize, this.maxDuration, this.awaited);
		if (this.over) {
			throw reply.failed(new IOException("this node stops"));
		}
		return reply;
	}

	/** Around everything: sees the reply as Camel will see it. */
	private ClassicHttpResponse limitWhole(ClassicHttpRequest request, Scope scope, ExecChain chain)
			throws IOException, HttpException {
		Reply reply = await(scope);
		boolean good = false;
		try {
			ClassicHttpResponse response = chain.proceed(request, scope);
			refuseLeftEncoding(response, reply);
			limit(response, reply);
			good = true;
			return response;
		}
		catch (IOException ex) {
			throw reply.failed(ex);
		}
		finally {
			if (!good) {
				reply.abandon();
			}
		}
	}

	/** Next to the connection: sees the reply as it comes over the wire. */
	private ClassicHttpResponse limitRaw(ClassicHttpRequest request, Scope scope, ExecChain chain)
			throws IOException, HttpException {
		Reply reply = Reply.of(scope);
		reply.requireAlive();
		ClassicHttpResponse response = chain.proceed(request, scope);
		HttpEntity entity = response.getEntity();
		if (entity != null && entity.getContentLength() > this.maxSize.toBytes()) {
			throw reply.tooLong();
		}
		Iterator<?> encodings = MessageSupport.iterate(response, HttpHeaders.CONTENT_ENCODING);
		if (encodings.hasNext() && encodings.next() != null && encodings.hasNext()) {
			throw reply.refused("compressed more than once");
		}
		if (entity != null && entity.isStreaming()) {
			response.setEntity(new LimitedEntity(entity, reply, true));
		}
		return response;
	}

	private static void limit(ClassicHttpResponse response, Reply reply) {
		HttpEntity entity = response.getEntity();
		if (entity != null && entity.isStreaming()) {
			response.setEntity(new LimitedEntity(entity, reply, false));
		}
		else {
			reply.end();
		}
	}

	/**
	 * Camel decompresses once more whatever has "gzip" anywhere in this header, and that
	 * would be beyond all limits.
	 */
	private static void refuseLeftEncoding(ClassicHttpResponse response, Reply reply) throws IOException {
		HttpEntity entity = response.getEntity();
		if (entity == null || entity.getContentLength() == 0) {
			response.removeHeaders(HttpHeaders.CONTENT_ENCODING);
		}
		else if (response.containsHeader(HttpHeaders.CONTENT_ENCODING)
				&& !"identity".equalsIgnoreCase(response.getFirstHeader(HttpHeaders.CONTENT_ENCODING).getValue())) {
			throw reply.refused("compressed in an unknown way");
		}
	}

}
