package io.vedette.http;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.apache.hc.client5.http.classic.ExecChain.Scope;
import org.apache.hc.client5.http.classic.ExecRuntime;

import org.springframework.util.unit.DataSize;

/**
 * One reply on its way, from the start of its request to its last byte: its limits and
 * its connection, which is thrown away as soon as one of them is passed, also while
 * somebody is blocked reading from it.
 */
final class Reply {

	private static final String KEY = Reply.class.getName();

	private final CompletableFuture<Void> end = new CompletableFuture<>();

	private final ExecRuntime connection;

	private final String host;

	private final DataSize maxSize;

	private final Duration maxDuration;

	private volatile boolean abandoned;

	private volatile IOException failure;

	private Reply(Scope scope, DataSize maxSize, Duration maxDuration) {
		this.connection = scope.execRuntime;
		this.host = scope.route.getTargetHost().getHostName();
		this.maxSize = maxSize;
		this.maxDuration = maxDuration;
	}

	/**
	 * Starts the clock for the reply to this request.
	 * @param awaited holds it until its clock is stopped
	 */
	static Reply await(Scope scope, DataSize maxSize, Duration maxDuration, Set<Reply> awaited) {
		Reply reply = new Reply(scope, maxSize, maxDuration);
		awaited.add(reply);
		scope.clientContext.setAttribute(KEY, reply);
		reply.end.orTimeout(maxDuration.toMillis(), TimeUnit.MILLISECONDS).whenComplete((done, late) -> {
			awaited.remove(reply);
			if (late != null) {
				CompletableFuture.runAsync(reply::abandon);
			}
		});
		return reply;
	}

	/** The reply that {@link #await} announced for this request. */
	static Reply of(Scope scope) {
		return (Reply) scope.clientContext.getAttribute(KEY);
	}

	long maxBytes() {
		return this.maxSize.toBytes();
	}

	/** Stops the clock. */
	void end() {
		this.end.complete(null);
	}

	/** Stops the clock and throws the connection away with whatever is still in it. */
	void abandon() {
		this.abandoned = true;
		end();
		this.connection.discardEndpoint();
	}

	/** Stops the clock soon, for a rest that is not worth the whole time. */
	void abandonAfter(Duration soon) {
		this.end.copy().orTimeout(soon.toMillis(), TimeUnit.MILLISECONDS).whenComplete((done, late) -> {
			if (late != null) {
				CompletableFuture.runAsync(this::abandon);
			}
		});
	}

	boolean isAbandoned() {
		return this.abandoned;
	}

	/**
	 * Fails once the reply has failed, with the same failure to whoever reads on, or its
	 * time is over.
	 */
	void requireAlive() throws IOException {
		if (this.failure != null) {
			throw this.failure;
		}
		if (isLate()) {
			throw failed(null);
		}
	}

	IOException tooLong() {
		return refused("longer than " + text(this.maxSize));
	}

	IOException refused(String observed) {
		return fail(new ReplyRefusedException(
				"reply: %s from \"%s\"; expected at most %s, plain or compressed once with gzip or deflate. "
					.formatted(observed, this.host, text(this.maxSize)) + "Nothing of it is kept."));
	}

	/** What to throw for a failure that may be nothing but our own hanging up. */
	IOException failed(IOException cause) {
		if (this.failure != null || !isLate()) {
			return fail((this.failure != null) ? this.failure : cause);
		}
		SocketTimeoutException timeout = new SocketTimeoutException(
				"reply: not complete from \"%s\" after %s ms; expected within that time. Nothing of it is kept."
					.formatted(this.host, this.maxDuration.toMillis()));
		timeout.initCause(cause);
		return fail(timeout);
	}

	private IOException fail(IOException failure) {
		this.failure = failure;
		abandon();
		return failure;
	}

	private boolean isLate() {
		return this.end.isCompletedExceptionally();
	}

	private static String text(DataSize size) {
		if (size.toBytes() % DataSize.ofMegabytes(1).toBytes() == 0) {
			return size.toMegabytes() + "MB";
		}
		return (size.toBytes() % 1024 == 0) ? size.toKilobytes() + "KB" : size.toString();
	}

}
