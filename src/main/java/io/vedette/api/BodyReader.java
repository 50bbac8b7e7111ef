package io.vedette.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.util.unit.DataSize;

/**
 * Reads a body as it comes, on no thread of its own: hundreds that come a byte at a time
 * hold nobody up. A body that is there in time is handed on by a dispatch. A caller that
 * is refused is told once its body has ended or soon after: while it sends, it may not
 * listen.
 */
class BodyReader implements ReadListener, AsyncListener {

	private static final int LARGEST = (int) DataSize.ofMegabytes(16).toBytes();

	/** For all of a body. */
	private static final Duration DEADLINE = Duration.ofSeconds(10);

	/** The same where the caller is not let in. */
	private static final Duration LINGER = Duration.ofSeconds(2);

	private final HttpServletRequest request;

	private final HttpServletResponse response;

	private final Refuser refuser;

	private final byte[] buffer = new byte[8192];

	private final ByteArrayOutputStream body = new ByteArrayOutputStream();

	private AsyncContext async;

	private ServletInputStream input;

	/** Why the body is not wanted, or null. */
	private ResponseEntity<Object> refusal;

	BodyReader(HttpServletRequest request, HttpServletResponse response, Refuser refuser) {
		this.request = request;
		this.response = response;
		this.refuser = refuser;
	}

	/** Writes a refusal. */
	interface Refuser {

		void refuse(HttpServletResponse response, ResponseEntity<Object> refusal) throws IOException;

	}

	/**
	 * Begins to read.
	 * @param verdict the answer where the caller is not let in, or null
	 */
	void read(ResponseEntity<Object> verdict) throws IOException {
		this.refusal = verdict;
		this.async = this.request.startAsync();
		this.async.setTimeout(((verdict != null) ? LINGER : DEADLINE).toMillis());
		this.async.addListener(this);
		checkLength(this.request.getContentLengthLong());
		this.input = this.request.getInputStream();
		this.input.setReadListener(this);
	}

	@Override
	public void onDataAvailable() throws IOException {
		while (this.input.isReady()) {
			keep(this.input.read(this.buffer));
		}
	}

	private void keep(int count) {
		if (count > 0 && this.refusal == null) {
			this.body.write(this.buffer, 0, count);
			checkLength(this.body.size());
		}
	}

	private void checkLength(long length) {
		if (length > LARGEST && this.refusal == null) {
			this.body.reset();
			this.refusal = Problems.answer(HttpStatus.CONTENT_TOO_LARGE,
					"body: longer than %d bytes. Send it in parts, or put it into the inbox as a file."
						.formatted(LARGEST));
		}
	}

	@Override
	public void onAllDataRead() throws IOException {
		if (this.refusal == null) {
			ReadRequest.keep(this.request, this.body.toByteArray());
			this.async.dispatch();
		}
		else {
			this.refuser.refuse(this.response, this.refusal);
			this.async.complete();
		}
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		if (this.refusal == null) {
			this.refusal = Problems.answer(HttpStatus.REQUEST_TIMEOUT,
					"body: not there after %d s. Send it faster, or in parts.".formatted(DEADLINE.toSeconds()));
		}
		leave();
	}

	@Override
	public void onError(Throwable fault) {
		this.refusal = Problems.answer(HttpStatus.BAD_REQUEST,
				"body: broken off, or no chunks as HTTP has them. Send it with a Content-Length.");
		leave();
	}

	/** Refuses, and ends the connection with the rest of the body unread. */
	private void leave() {
		try {
			this.refuser.refuse(this.response, this.refusal);
		}
		catch (IOException ex) {
			// The caller has gone.
		}
		DoorValve.leaveUnread(this.request);
		this.async.complete();
	}

	@Override
	public void onError(AsyncEvent event) {
		// Told by the other one.
	}

	@Override
	public void onComplete(AsyncEvent event) {
		// Nothing is left to do.
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		// It starts once.
	}

}
