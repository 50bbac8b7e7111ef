package io.vedette.egress;

import java.net.UnknownHostException;

/**
 * A picture is not fetched from where its URL points to. The same URL will be refused
 * again. The message names the host at most: path and query may hold personal data.
 */
public final class EgressRefusedException extends UnknownHostException {

	/** The longest name that DNS takes. */
	private static final int MAX_HOST = 253;

	private EgressRefusedException(String message) {
		super(message);
	}

	static EgressRefusedException host(String host, String why) {
		String start = host.substring(0, Math.min(host.length(), MAX_HOST));
		return new EgressRefusedException("picture host \"%s\": %s".formatted(start, why));
	}

	static EgressRefusedException url(String why) {
		return new EgressRefusedException("picture URL: " + why);
	}

}
