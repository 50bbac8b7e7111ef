package io.vedette.delivery;

import java.util.Base64;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;

/**
 * Signs webhook deliveries the way Standard Webhooks 1.0 says, symmetric variant
 * (https://www.standardwebhooks.com), with a key of the length that it demands. Safe for
 * use by many threads; shows its key to nobody.
 */
public final class WebhookSignature {

	private static final String PREFIX = "whsec_";

	private final Webhook webhook;

	private WebhookSignature(byte[] key) {
		this.webhook = new Webhook(key);
	}

	/**
	 * Reads {@code whsec_} and the base64 of 24 to 64 bytes.
	 * @throws IllegalArgumentException if the secret is anything else; says how to make
	 * one and never repeats it
	 */
	public static WebhookSignature of(String secret) {
		if (secret == null || !secret.startsWith(PREFIX)) {
			throw bad("does not start with " + PREFIX);
		}
		byte[] key = decode(secret.substring(PREFIX.length()));
		if (key.length < 24 || key.length > 64) {
			throw bad(key.length + " bytes of key");
		}
		return new WebhookSignature(key);
	}

	/**
	 * The value of the header {@code webhook-signature}.
	 * @param id value of the header {@code webhook-id}
	 * @param epochSeconds value of the header {@code webhook-timestamp}
	 * @param body the very text that is sent, in UTF-8
	 * @return {@code v1,} and the base64 of the HMAC-SHA256 of
	 * {@code <id>.<epochSeconds>.<body>}
	 */
	public String sign(String id, long epochSeconds, String body) {
		try {
			return this.webhook.sign(id, epochSeconds, body);
		}
		catch (WebhookSigningException ex) {
			throw new IllegalStateException("webhook signature: the JDK has no HmacSHA256; expected it in every one.",
					ex);
		}
	}

	private static byte[] decode(String base64) {
		try {
			return Base64.getDecoder().decode(base64);
		}
		catch (IllegalArgumentException ex) {
			// Without the cause: it quotes characters of the secret.
			throw bad("not base64 after " + PREFIX);
		}
	}

	private static IllegalArgumentException bad(String observed) {
		return new IllegalArgumentException(
				("webhook secret: %s; expected whsec_ and the base64 of 24 to 64 random bytes. "
						+ "Make one with: echo \"whsec_$(openssl rand -base64 32)\"")
					.formatted(observed));
	}

}
