package io.vedette.http;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RetryAfterTest {

	private static final Instant NOW = Instant.parse("2026-05-27T12:00:00Z");

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "0 | 0", "7 | 7", " 7  | 7", "300 | 300", "301 | 300", "1000000000000 | 300",
					"99999999999999999999999999 | 300", "Wed, 27 May 2026 12:00:09 GMT | 9",
					"Wed, 27 May 2026 11:59:59 GMT | 0", "Thu, 27 May 2027 12:00:00 GMT | 300",
					"Wednesday, 27-May-26 12:00:09 GMT | 9", "Wednesday, 27-May-26 11:59:59 GMT | 0",
					"Sunday, 06-Nov-94 08:49:37 GMT | 0", "Wed May 27 12:00:09 2026 | 9",
					"Fri, 27 May 2026 12:00:09 GMT | 9", "27 May 2026 12:00:09 UTC | 9", "Sun Nov  6 08:49:37 1994 | 0",
					"120.0 | 120", "1.5 | 2", "7. | 7", "0.0 | 0", "007 | 7" })
	void readsSecondsAndDates(String text, long seconds) {
		assertThat(parse(text)).isEqualTo(Duration.ofSeconds(seconds));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "soon", "-5", ".5", "1e3", "5s", "Wed, 27 May 2026", "2026-05-27T12:00:09Z",
			"\u0667", "1,2" })
	void takesGarbageForNoWait(String text) {
		assertThat(parse(text)).isEqualTo(Duration.ZERO);
	}

	@Test
	void takesNoHeaderForNoWait() {
		assertThat(parse(null)).isEqualTo(Duration.ZERO);
	}

	private static Duration parse(String text) {
		return RetryAfter.parse(text, NOW, Duration.ofMinutes(5));
	}

}
