package io.vedette.schedule;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RateLimitTest {

	@ParameterizedTest
	@CsvSource({ "20/10s, 20, 10000", "1/1ms, 1, 1", " 5 / 2 m , 5, 120000", "10000/1s, 10000, 1000",
			"600/1h, 600, 3600000", "9999999/1d, 9999999, 86400000" })
	void readsRequestsAndPeriod(String text, int requests, long millis) {
		assertThat(RateLimit.of(text)).isEqualTo(new RateLimit(requests, Duration.ofMillis(millis)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "20", "20/", "/10s", "20/10", "20/10x", "-1/10s", "20/-10s", "0/10s", "20/0s",
			"1.5/10s", "20 per 10s", "10000000/1s", "20/10s/2", "20/s" })
	void refusesOtherText(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.of(text));
	}

}
