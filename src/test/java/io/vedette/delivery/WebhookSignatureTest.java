package io.vedette.delivery;

import java.util.Base64;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class WebhookSignatureTest {

	private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

	@Test
	void signsTheTestVectorOfTheSpecification() {
		String signature = WebhookSignature.of(SECRET)
			.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}");
		assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	}

	/** Expected value from Python's hmac, over the UTF-8 bytes of the body. */
	@Test
	void signsTheBodyInUtf8() {
		assertThat(WebhookSignature.of(SECRET).sign("id", 1, "\u00e4\ud83d\ude42"))
			.isEqualTo("v1,KYU+liROkb2DlfR/FdPZg+6HOW0Q0vEg56CnSw1oC/Q=");
	}

	@Test
	void takesKeysOf24To64Bytes() {
		for (int bytes : new int[] { 24, 32, 64 }) {
			assertThat(WebhookSignature.of(secret(bytes)).sign("id", 1, "")).startsWith("v1,");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "s3cr3t-s3cr3t-s3cr3t-s3cr3t", "whsec_", "whsec_s3cr3t", "whsec_s3cr3t!s3cr3t!s3cr3t",
			"WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" })
	void refusesABadSecretWithoutRepeatingIt(String secret) {
		assertThatIllegalArgumentException().isThrownBy(() -> WebhookSignature.of(secret))
			.withMessageContaining("openssl rand -base64 32")
			.withMessageNotContaining("s3cr3t")
			.withNoCause();
	}

	@Test
	void refusesKeysThatAreTooShortOrTooLong() {
		for (int bytes : new int[] { 23, 65 }) {
			assertThatIllegalArgumentException().isThrownBy(() -> WebhookSignature.of(secret(bytes)))
				.withMessageContaining(bytes + " bytes");
		}
	}

	@Test
	void refusesNoSecret() {
		assertThatIllegalArgumentException().isThrownBy(() -> WebhookSignature.of(null))
			.withMessageContaining("whsec_");
	}

	@Test
	void doesNotShowItsKey() {
		assertThat(WebhookSignature.of(SECRET).toString()).doesNotContain("MfKQ9r8G");
	}

	private static String secret(int bytes) {
		return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
	}

}
