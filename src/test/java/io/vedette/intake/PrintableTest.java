package io.vedette.intake;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PrintableTest {

	@Test
	void holdsNoControlCharacters() {
		assertThat(Printable.of("a\r\nWARN b\u001b[31m\u0000\u0085\u2028\u202e\ud800c gr\u00f6\u00dfe \u4eba"))
			.isEqualTo("a??WARN b?[31m?????c gr\u00f6\u00dfe \u4eba");
	}

	@Test
	void isNoLongerThanTwoHundredCharacters() {
		assertThat(Printable.of("x".repeat(200))).isEqualTo("x".repeat(200));
		assertThat(Printable.of("x".repeat(1_000_000))).isEqualTo("x".repeat(197) + "...");
	}

	@Test
	void trimsInTimeOnlyWhatIsAtTheEnds() {
		String inside = "a" + " ".repeat(1_000_000) + "b";
		assertThat(Printable.trim("\u00a0\ufeff\t" + inside + "\u200b \u3000\n")).isEqualTo(inside);
		assertThat(Printable.trim(" \u200b ")).isEmpty();
	}

}
