package io.vedette.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A call that is written by hand, for what no HTTP client would send. */
final class RawCall implements AutoCloseable {

	private static final int PATIENCE = 20_000;

	private final Socket socket;

	private final StringBuilder reply = new StringBuilder();

	private RawCall(Socket socket) {
		this.socket = socket;
	}

	/** Connects and writes this; line breaks become those of HTTP. */
	static RawCall open(int port, String text) {
		try {
			RawCall call = new RawCall(new Socket(InetAddress.getLoopbackAddress(), port));
			call.sends(text.replace("\n", "\r\n"));
			return call;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The same by a caller that takes in no more than a few kilobytes of the reply. */
	static RawCall openDeaf(int port, String text) {
		try {
			Socket socket = new Socket();
			socket.setReceiveBufferSize(4096);
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			RawCall call = new RawCall(socket);
			call.write(text.replace("\n", "\r\n"));
			return call;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The whole reply to a call that asks for the connection to be closed. */
	static String reply(int port, String text) {
		try (RawCall call = open(port, text)) {
			call.socket.setSoTimeout(PATIENCE);
			call.reply.append(new String(call.socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
			return call.reply();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Sends a little more, after what was answered is read: a reply is lost to who writes
	 * to a connection that was closed.
	 * @return whether the connection still stands
	 */
	boolean sends(String more) {
		try {
			return isOpen() && write(more);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private boolean isOpen() throws IOException {
		byte[] bytes = new byte[4096];
		this.socket.setSoTimeout(1);
		try {
			int count;
			while ((count = this.socket.getInputStream().read(bytes)) >= 0) {
				this.reply.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
			}
			return false;
		}
		catch (SocketTimeoutException ex) {
			return true;
		}
	}

	private boolean write(String text) throws IOException {
		this.socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
		return true;
	}

	/** What was answered so far. */
	String reply() {
		return this.reply.toString();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
