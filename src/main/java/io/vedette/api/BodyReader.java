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
 * hold nobody up. A body that is there in time is handed on by a dispatch. Of one that is
 * refused some more is read, for a caller that still sends may not see the answer.
 */
class BodyReader implements ReadListener, AsyncListener {

	private static final int LARGEST = (int) DataSize.ofMegabytes(16).toBytes();

	/** For all of a body. */
	private static final Duration DEADLINE = Duration.ofSeconds(10);

	/** For a caller that is not let in to see why. */
	private static final Duration LINGER = Duration.ofSeconds(2);

	private final HttpServletRequest request;

	private final HttpServletResponse response;

	private final Refuser refuser;

	private final byte[] buffer = new byte[8192];

	private AsyncContext async;

	private ServletInputStream input;

	/** What came so far, or null once it is refused. */
	private ByteArrayOutputStream body = new ByteArrayOutputStream();

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
	 * @param refusal the answer where the caller is not let in, or null
	 */
	void read(ResponseEntity<Object> refusal) throws IOException {
		this.async = this.request.startAsync();
		this.async.setTimeout(((refusal != null) ? LINGER : DEADLINE).toMillis());
		this.async.addListener(this);
		if (refusal != null) {
			refuse(refusal);
		}
		else if (this.request.getContentLengthLong() > LARGEST) {
			refuseLong();
		}
		this.input = this.request.getInputStream();
		this.input.setReadListener(this);
	}

	@Override
	public void onDataAvailable() throws IOException {
		while (this.input.isReady()) {
			int count = this.input.read(this.buffer);
			if (count > 0 && this.body != null) {
				keep(count);
			}
		}
	}

	private void keep(int count) throws IOException {
		this.body.write(this.buffer, 0, count);
		if (this.body.size() > LARGEST) {
			refuseLong();
		}
	}

	@Override
	public void onAllDataRead() {
		if (this.body != null) {
			ReadRequest.keep(this.request, this.body.toByteArray());
			this.async.dispatch();
		}
		else {
			this.async.complete();
		}
	}

	@Override
	public void onTimeout(AsyncEvent event) throws IOException {
		if (this.body != null) {
			refuse(Problems.answer(HttpStatus.REQUEST_TIMEOUT,
					"body: not there after %d s. Send it faster, or in parts.".formatted(DEADLINE.toSeconds())));
		}
		leave();
	}

	/** It ended in the middle, or its chunks are none. */
	@Override
	public void onError(Throwable fault) {
		leave();
	}

	private void refuseLong() throws IOException {
		refuse(Problems.answer(HttpStatus.PAYLOAD_TOO_LARGE,
				"body: longer than %d bytes. Send it in parts, or put it into the inbox as a file."
					.formatted(LARGEST)));
	}

	private void refuse(ResponseEntity<Object> refusal) throws IOException {
		this.body = null;
		this.refuser.refuse(this.response, refusal);
	}

	/** Ends the connection with the rest of the body unread. */
	private void leave() {
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
