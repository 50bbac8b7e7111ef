package io.vedette.api;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

/**
 * Problem details (RFC 9457).
 *
 * @param title the words of the status
 * @param detail what is wrong, and what to do
 */
record Problem(String title, int status, String detail) {

	static Problem of(HttpStatusCode status, String detail) {
		HttpStatus known = HttpStatus.resolve(status.value());
		return new Problem((known != null) ? known.getReasonPhrase() : null, status.value(), detail);
	}

}
