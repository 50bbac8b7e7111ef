package io.vedette.delivery;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DataUrlTest {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "data:image/png;base64,aGk/aGk+|hi?hi>", "data:;base64,aGk_aGk-|hi?hi>",
					"data:image/png;base64,aGk%2FaGk%2B|hi?hi>", "DATA:image/png;BASE64,aGk|hi",
					"data:image/png;base64,aGk=|hi", "data:image/png;base64,aG%0Ak=|hi",
					"data:image/png;base64, aG k=|hi", "data:image/png;charset=x;base64,aGk=|hi", "data:,hi|hi",
					"data:image/png,%68i%2C|hi,", "data:image/png;name=base64,hi|hi", " data:,hi |hi" })
	void readsWhatItHolds(String url, String held) {
		assertThat(DataUrl.is(url)).isTrue();
		assertThat(DataUrl.bytes(url)).asString().isEqualTo(held);
	}

	@ParameterizedTest
	@ValueSource(strings = { "data:image/png", "data:image/png;base64", "data:;base64,a", "data:,%zz", "data:,%4" })
	void refusesWhatHoldsNothingToRead(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> DataUrl.bytes(url));
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://a.example/data:,", "datum:,", "", "/data:,x" })
	void knowsOthers(String url) {
		assertThat(DataUrl.is(url)).isFalse();
	}

}
