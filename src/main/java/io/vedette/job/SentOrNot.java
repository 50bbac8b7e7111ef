package io.vedette.job;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.List;

import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;

/** Tells of a call that broke whether anything of its request can have been sent. */
final class SentOrNot {

	/** Each of them ends a call before its connection is there. */
	private static final List<Class<? extends Exception>> BEFORE = List.of(ConnectException.class,
			ConnectTimeoutException.class, NoRouteToHostException.class, UnknownHostException.class,
			SSLHandshakeException.class, SSLPeerUnverifiedException.class, ConnectionRequestTimeoutException.class);

	private SentOrNot() {
	}

	/** Whether it is sure that nothing was sent. */
	static boolean isNotSent(Throwable fault) {
		for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
			if (isBefore(cause)) {
				return true;
			}
		}
		return false;
	}

	private static boolean isBefore(Throwable cause) {
		return BEFORE.stream().anyMatch((type) -> type.isInstance(cause));
	}

}
