package io.vedette.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An HTTP server on 127.0.0.1 that writes what the test tells it to, bytes and faults.
 */
public final class RawServer implements AutoCloseable {

	private final ServerSocket socket;

	private final Answer answer;

	private final List<Socket> open = new CopyOnWriteArrayList<>();

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final AtomicInteger connections = new AtomicInteger();

	private final AtomicInteger hangUps = new AtomicInteger();

	private final AtomicLong written = new AtomicLong();

	public RawServer(Answer answer) {
		this.answer = answer;
		try {
			this.socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	public int port() {
		return this.socket.getLocalPort();
	}

	/** How many connections were opened. */
	public int connections() {
		return this.connections.get();
	}

	/** How many connections the client closed, in the middle of an answer or after. */
	int hangUps() {
		return this.hangUps.get();
	}

	/** How many bytes of answers the network took. */
	long written() {
		return this.written.get();
	}

	/** Request lines and headers, in order of arrival. */
	public List<String> requests() {
		return this.requests;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
		for (Socket connection : this.open) {
			connection.close();
		}
	}

	private void accept() {
		try {
			while (true) {
				Socket connection = this.socket.accept();
				this.open.add(connection);
				this.connections.incrementAndGet();
				start(() -> serve(connection));
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	private void serve(Socket connection) {
		try (connection) {
			OutputStream out = new Counted(connection.getOutputStream(), this.written);
			for (String head = head(connection); !head.isEmpty(); head = head(connection)) {
				this.requests.add(head);
				if (!this.answer.write(out)) {
					return;
				}
			}
			this.hangUps.incrementAndGet();
		}
		catch (IOException ex) {
			this.hangUps.incrementAndGet();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static String head(Socket connection) throws IOException {
		InputStream in = connection.getInputStream();
		ByteArrayOutputStream head = new ByteArrayOutputStream();
		for (int octet = in.read(); octet >= 0; octet = in.read()) {
			head.write(octet);
			if (head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
				return head.toString(StandardCharsets.ISO_8859_1);
			}
		}
		return "";
	}

	private static void start(Runnable work) {
		Thread thread = new Thread(work, "raw-server");
		thread.setDaemon(true);
		thread.start();
	}

	/** Writes one answer; false if the server is to hang up after it. */
	@FunctionalInterface
	public interface Answer {

		boolean write(OutputStream out) throws IOException, InterruptedException;

	}

	private static final class Counted extends OutputStream {

		private final OutputStream out;

		private final AtomicLong count;

		Counted(OutputStream out, AtomicLong count) {
			this.out = out;
			this.count = count;
		}

		@Override
		public void write(int octet) throws IOException {
			this.out.write(octet);
			this.count.incrementAndGet();
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			this.out.write(bytes, offset, length);
			this.count.addAndGet(length);
		}

	}

}
