package io.vedette.standin;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * An HTTP server on the loopback address that records every request before it answers.
 */
abstract class HttpStandIn implements AutoCloseable {

	static {
		// Without it every answer waits 40 ms for a delayed acknowledgement.
		System.setProperty("sun.net.httpserver.nodelay", "true");
		System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
	}

	private static final byte[] MORE = ",0".repeat(32 * 1024).getBytes(StandardCharsets.US_ASCII);

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool(HttpStandIn::daemon);

	private final Queue<Request> requests = new ConcurrentLinkedQueue<>();

	private final LongAdder requestCount = new LongAdder();

	private final Clock clock;

	private volatile boolean forgetful;

	/**
	 * @param port 0 for any free one
	 */
	HttpStandIn(int port, Clock clock) {
		this.clock = clock;
		try {
			InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port);
			this.server = HttpServer.create(address, 1024);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Stand-in port %d: cannot be bound; a free one expected.".formatted(port),
					ex);
		}
		this.server.setExecutor(this.threads);
		this.server.createContext("/", this::handle);
	}

	abstract Reply answer(Request request);

	/**
	 * Called last by the constructors. The server's own thread inherits daemon from here.
	 */
	final void start() {
		CompletableFuture.runAsync(this.server::start, this.threads).join();
	}

	Clock clock() {
		return this.clock;
	}

	public String baseUrl() {
		return "http://127.0.0.1:" + port();
	}

	public int port() {
		return this.server.getAddress().getPort();
	}

	/**
	 * From now on requests are counted but not kept: in a long run they would fill the
	 * memory.
	 */
	public void forgetRequests() {
		this.forgetful = true;
	}

	boolean isForgetful() {
		return this.forgetful;
	}

	/** All requests so far, oldest first; a copy. */
	public List<Request> requests() {
		return List.copyOf(this.requests);
	}

	public long requestCount() {
		return this.requestCount.sum();
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	private void handle(HttpExchange exchange) {
		try (exchange) {
			Request request = Request.of(exchange, this.clock.instant());
			if (!this.forgetful) {
				this.requests.add(request);
			}
			this.requestCount.increment();
			send(exchange, answer(request));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (IOException ex) {
			// The client gave up, which is its right.
		}
	}

	private static void send(HttpExchange exchange, Reply reply) throws IOException, InterruptedException {
		Thread.sleep(reply.delay().toMillis());
		if (reply.ending() != Reply.Ending.SILENT) {
			reply.headers().forEach(exchange.getResponseHeaders()::set);
			exchange.sendResponseHeaders(reply.status(), length(reply));
			if (reply.body().length > 0) {
				sendBody(exchange, reply);
			}
		}
	}

	private static long length(Reply reply) {
		return switch (reply.ending()) {
			case CUT -> 2L * reply.body().length;
			case ENDLESS -> 0; // chunked
			default -> (reply.body().length == 0) ? -1 : reply.body().length;
		};
	}

	/**
	 * Leaves the closing to the exchange: it alone cuts the connection where bytes lack.
	 */
	private static void sendBody(HttpExchange exchange, Reply reply) throws IOException, InterruptedException {
		OutputStream out = exchange.getResponseBody();
		out.write(reply.body());
		while (reply.ending() == Reply.Ending.ENDLESS) {
			out.write(MORE);
			Thread.sleep(1);
		}
	}

	private static Thread daemon(Runnable task) {
		Thread thread = new Thread(task, "stand-in");
		thread.setDaemon(true);
		return thread;
	}

}
