package io.vedette.http;

import java.io.IOException;

/**
 * A reply that is not read because of what it is: too long, or compressed in a way that
 * is not supported. Asking again will most likely bring the same.
 */
public final class ReplyRefusedException extends IOException {

	ReplyRefusedException(String message) {
		super(message);
	}

}
