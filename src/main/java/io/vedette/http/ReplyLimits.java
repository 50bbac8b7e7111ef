package io.vedette.http;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChain.Scope;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.RedirectExec;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.protocol.RedirectStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;

import org.springframework.util.unit.DataSize;

/**
 * Bounds what a camel-http endpoint takes in reply ({@code httpClientConfigurer}), so
 * that no server can fill our memory or hold our threads. The size holds twice: for what
 * comes over the wire, and for what that decompresses to; the time runs from the start of
 * the request to the last byte. Past a limit the connection is thrown away, not drained,
 * and the exchange fails with a {@link ReplyRefusedException} (size, compressed twice) or
 * a {@link java.net.SocketTimeoutException} (time). A reply within the limits returns its
 * connection to the pool.
 * <p>
 * The body comes decompressed, by {@link ContentCodings}; no header says any more that it
 * was compressed, or in which character set it is: Camel would undo the one a second
 * time, beyond all limits, and write what the exchange carries later in the other.
 * <p>
 * The endpoint's client is also told to do nothing behind the route's back: no cookies,
 * no retries, no cached credentials, no redirects but those that are asked for. A request
 * is sent to its {@link ExactUrl}. How long a status line and headers may be is up to the
 * connections: {@link BoundedConnections}.
 */
public final class ReplyLimits implements HttpClientConfigurer {

	/** How long calls under way may still take once this node stops. */
	private static final Duration LAST_CALLS = Duration.ofSeconds(3);

	/** How long a body that nobody reads may hold up what waits for the status. */
	private static final Duration LONGEST_REST = Duration.ofSeconds(1);

	private final Set<Reply> awaited = ConcurrentHashMap.newKeySet();

	private final DataSize maxSize;

	private final Duration maxDuration;

	private final RedirectStrategy redirects;

	private final boolean statusOnly;

	private volatile boolean over;

	/**
	 * Both limits must be positive.
	 * @param maxSize longest body, in bytes
	 * @param maxDuration longest time from the start of the request to the end of the
	 * reply
	 */
	public ReplyLimits(DataSize maxSize, Duration maxDuration) {
		this(maxSize, maxDuration, null);
	}

	/**
	 * The same, but redirects are followed, all within these limits.
	 * @param redirects says which, and where to
	 */
	public ReplyLimits(DataSize maxSize, Duration maxDuration, RedirectStrategy redirects) {
		this(maxSize, maxDuration, redirects, false);
	}

	private ReplyLimits(DataSize maxSize, Duration maxDuration, RedirectStrategy redirects, boolean statusOnly) {
		if (maxSize.toBytes() <= 0 || maxDuration.isZero() || maxDuration.isNegative()) {
			throw new IllegalArgumentException(
					"reply limits \"%s, %s\": not positive; expected for example 1MB and 20s.".formatted(maxSize,
							maxDuration));
		}
		this.maxSize = maxSize;
		this.maxDuration = maxDuration;
		this.redirects = redirects;
		this.statusOnly = statusOnly;
	}

	/**
	 * Of a reply only the status and {@code Retry-After} are read: what its other headers
	 * say, and what its body is or lacks, is no fault of the request.
	 * @param maxDuration longest time from the start of the request to the end of the
	 * reply's headers
	 */
	public static ReplyLimits ofStatus(Duration maxDuration) {
		return new ReplyLimits(DataSize.ofMegabytes(1), maxDuration, null, true);
	}

	@Override
	public void configureHttpClient(HttpClientBuilder client) {
		client.disableCookieManagement()
			.disableAutomaticRetries()
			.disableAuthCaching()
			.disableContentCompression()
			.disableRedirectHandling();
		if (this.redirects != null) {
			// Not by the client's switch, which the component has turned off for all
			// endpoints.
			client.addExecInterceptorBefore(ChainElement.PROTOCOL.name(), "redirects",
					new RedirectExec(new DefaultRoutePlanner(null), this.redirects));
		}
		client.addExecInterceptorFirst("whole-reply-limits", this::limitWhole);
		client.addExecInterceptorLast("raw-reply-limits", this::limitRaw);
	}

	/**
	 * Hangs up on whoever has not answered a little later: Camel would wait for them as
	 * long as they like.
	 */
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
			ExactUrl.apply(request, scope.originalRequest);
			ClassicHttpResponse response = chain.proceed(request, scope);
			if (this.statusOnly) {
				discard(response, reply);
			}
			else {
				limit(response, reply);
			}
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

	/** Next to the connection: sees each reply as it comes over the wire. */
	private ClassicHttpResponse limitRaw(ClassicHttpRequest request, Scope scope, ExecChain chain)
			throws IOException, HttpException {
		Reply reply = Reply.of(scope);
		reply.requireAlive();
		if (!request.containsHeader(HttpHeaders.ACCEPT_ENCODING)) {
			request.addHeader(HttpHeaders.ACCEPT_ENCODING, this.statusOnly ? "identity" : "gzip, deflate");
		}
		ClassicHttpResponse response = chain.proceed(request, scope);
		HttpEntity entity = response.getEntity();
		if (this.redirects != null && this.redirects.isRedirected(request, response, scope.clientContext)) {
			// What a redirect says is for people, and may be endless.
			scope.execRuntime.discardEndpoint();
			response.setEntity(null);
		}
		else if (entity != null && entity.isStreaming()) {
			if (!this.statusOnly && entity.getContentLength() > this.maxSize.toBytes()) {
				throw reply.tooLong();
			}
			response.setEntity(new LimitedEntity(entity, reply, true));
		}
		return response;
	}

	private static void limit(ClassicHttpResponse response, Reply reply) {
		HttpEntity entity = response.getEntity();
		List<String> compressions = ContentCodings.announced(response);
		if (entity == null || !entity.isStreaming()) {
			reply.end();
		}
		else if (compressions.isEmpty()) {
			response.setEntity(new LimitedEntity(entity, reply, false));
		}
		else {
			response.removeHeaders(HttpHeaders.CONTENT_LENGTH);
			response.setEntity(
					new LimitedEntity(new DecompressedEntity(entity, compressions.size() > 1, reply), reply, false));
		}
		response.removeHeaders(HttpHeaders.CONTENT_ENCODING);
		response.removeHeaders(HttpHeaders.CONTENT_TYPE);
	}

	/** A short rest is read, so that the connection can be used again. */
	private static void discard(ClassicHttpResponse response, Reply reply) {
		HttpEntity rest = response.getEntity();
		if (rest != null) {
			reply.abandonAfter(LONGEST_REST);
			close(rest, reply);
		}
		reply.end();
		response.setEntity(null);
		response.setHeaders(response.getHeaders(HttpHeaders.RETRY_AFTER));
	}

	private static void close(HttpEntity rest, Reply reply) {
		try {
			rest.getContent().close();
		}
		catch (IOException ex) {
			reply.abandon();
		}
	}

}
