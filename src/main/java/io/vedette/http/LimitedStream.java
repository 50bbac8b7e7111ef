package io.vedette.http;

import java.io.IOException;
import java.io.InputStream;

/**
 * Counts what is read of a {@link Reply} and gives it up past a limit. The raw stream,
 * the one next to the connection, also decides on closing whether the connection can be
 * used again: a short rest is read for that, a long one is not worth it.
 */
final class LimitedStream extends InputStream {

	private static final int REST_READS = 8;

	private static final int REST_SIZE = 8192;

	private final InputStream in;

	private final Reply reply;

	private final boolean raw;

	private long left;

	private boolean ended;

	private boolean closed;

	LimitedStream(InputStream in, Reply reply, boolean raw) {
		this.in = in;
		this.reply = reply;
		this.raw = raw;
		this.left = reply.maxBytes();
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
	}

	@Override
	public int read(byte[] buffer, int offset, int length) throws IOException {
		if (this.ended || length == 0) {
			return this.ended ? -1 : 0;
		}
		requireOpen();
		int count = readSome(buffer, offset, (int) Math.min(length, this.left + 1));
		this.left -= Math.max(count, 0);
		if (this.left < 0) {
			throw this.reply.tooLong();
		}
		if (count < 0) {
			this.ended = true;
			endReply();
		}
		return count;
	}

	@Override
	public int available() throws IOException {
		return (this.ended || this.closed || this.reply.isAbandoned()) ? 0 : this.in.available();
	}

	@Override
	public void close() {
		if (this.closed) {
			return;
		}
		if (this.raw && !this.reply.isAbandoned() && !readRest()) {
			this.reply.abandon();
		}
		this.closed = true;
		closeInner();
		endReply();
	}

	private void requireOpen() throws IOException {
		this.reply.requireAlive();
		if (this.closed) {
			throw new IOException("reply: closed; expected to be read before the exchange ends.");
		}
	}

	private int readSome(byte[] buffer, int offset, int length) throws IOException {
		try {
			return this.in.read(buffer, offset, length);
		}
		catch (IOException ex) {
			throw this.reply.failed(ex);
		}
	}

	private boolean readRest() {
		byte[] rest = new byte[REST_SIZE];
		try {
			for (int i = 0; i < REST_READS && !this.ended; i++) {
				read(rest, 0, REST_SIZE);
			}
		}
		catch (IOException ex) {
			return false;
		}
		return this.ended;
	}

	/**
	 * Of an abandoned reply too: HttpClient then finds nothing to read, and zlib frees.
	 */
	private void closeInner() {
		try {
			if (!this.raw || !this.reply.isAbandoned()) {
				this.in.close();
			}
		}
		catch (IOException ex) {
			this.reply.abandon();
		}
	}

	private void endReply() {
		if (!this.raw) {
			this.reply.end();
		}
	}

}
