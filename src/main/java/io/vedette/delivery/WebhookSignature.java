package io.vedette.delivery;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs webhook deliveries the way Standard Webhooks 1.0 says, symmetric variant
 * (https://www.standardwebhooks.com). Safe for use by many threads; shows its key to
 * nobody.
 */
public final class WebhookSignature {

	private static final String ALGORITHM = "HmacSHA256";

	private static final String PREFIX = "whsec_";

	private final byte[] key;

	private WebhookSignature(byte[] key) {
		this.key = key;
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
		String content = id + "." + epochSeconds + "." + body;
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(new SecretKeySpec(this.key, ALGORITHM));
			return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(
					"webhook signature: the JDK has no " + ALGORITHM + "; expected it in every one.", ex);
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
