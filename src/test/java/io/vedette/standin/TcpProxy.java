package io.vedette.standin;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import static org.awaitility.Awaitility.await;

/**
 * A wire to a server of this machine that can be cut: all connections end, new ones are
 * refused until it is mended.
 */
public final class TcpProxy implements AutoCloseable {

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "proxy");
		thread.setDaemon(true);
		return thread;
	});

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final int server;

	private final int port;

	private volatile ServerSocket listener;

	/**
	 * @param server the port of the server
	 */
	public TcpProxy(int server) {
		this.server = server;
		try {
			this.listener = FreePort.bind();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.port = this.listener.getLocalPort();
		this.threads.execute(() -> accept(this.listener));
	}

	public int port() {
		return this.port;
	}

	/** Ends all connections, and refuses new ones. */
	public synchronized void cut() {
		close(this.listener);
		this.sockets.forEach(TcpProxy::close);
		this.sockets.clear();
	}

	/** A wire that is cut at first. */
	public static TcpProxy cutFrom(int server) {
		TcpProxy proxy = new TcpProxy(server);
		proxy.cut();
		return proxy;
	}

	public synchronized void mend() {
		if (!this.listener.isClosed()) {
			return;
		}
		// The old socket may take a moment to let go of the port.
		ServerSocket again = await().ignoreException(BindException.class)
			.until(() -> FreePort.bind(this.port), Objects::nonNull);
		this.listener = again;
		this.threads.execute(() -> accept(again));
	}

	private void accept(ServerSocket from) {
		try {
			while (true) {
				Socket client = from.accept();
				this.threads.execute(() -> connect(from, client));
			}
		}
		catch (IOException ex) {
			// It was cut.
		}
	}

	private void connect(ServerSocket from, Socket client) {
		try {
			Socket upstream = new Socket(InetAddress.getByName("127.0.0.1"), this.server);
			this.sockets.add(client);
			this.sockets.add(upstream);
			this.threads.execute(() -> pump(upstream, client));
			if (from.isClosed()) {
				close(client);
			}
			pump(client, upstream);
		}
		catch (IOException ex) {
			close(client);
		}
	}

	private void pump(Socket from, Socket to) {
		try (from; to) {
			from.setTcpNoDelay(true);
			from.getInputStream().transferTo(to.getOutputStream());
		}
		catch (IOException ex) {
			// One end is gone, and takes the other with it.
		}
		this.sockets.remove(from);
		this.sockets.remove(to);
	}

	private static void close(Closeable socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// It is of no use any more.
		}
	}

	@Override
	public void close() {
		cut();
		this.threads.shutdownNow();
	}

}
