package io.vedette.api;

import io.vedette.api.JobsApi.Item;
import jakarta.annotation.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

/**
 * Problem details (RFC 9457).
 *
 * @param title the words of the status
 * @param detail what is wrong, and what to do
 */
public record Problem(@Nullable String title, int status, @Nullable String detail) implements Item {

	static Problem of(HttpStatusCode status, String detail) {
		HttpStatus known = HttpStatus.resolve(status.value());
		return new Problem((known != null) ? known.getReasonPhrase() : null, status.value(), detail);
	}

}
