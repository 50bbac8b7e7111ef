package io.vedette.standin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port that stays free while its owner is away: outgoing connections take theirs from
 * 32768 on, and would take one from there.
 */
public final class FreePort {

	private static final int FIRST = 20_000;

	private static final int LAST = 32_000;

	private static final int TRIES = 100;

	private FreePort() {
	}

	/** A port that nobody listens on. */
	public static int find() {
		try (ServerSocket socket = bind()) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** A server socket on such a port of the loopback address. */
	public static ServerSocket bind() throws IOException {
		for (int i = 0; i < TRIES; i++) {
			try {
				return bind(ThreadLocalRandom.current().nextInt(FIRST, LAST));
			}
			catch (BindException ex) {
				// Taken: the next one.
			}
		}
		throw new BindException("port: none of %d tried between %d and %d is free".formatted(TRIES, FIRST, LAST));
	}

	/** A server socket on this port of the loopback address. */
	public static ServerSocket bind(int port) throws IOException {
		return new ServerSocket(port, 0, InetAddress.getByName("127.0.0.1"));
	}

}
