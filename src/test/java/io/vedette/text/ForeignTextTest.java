package io.vedette.text;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ForeignTextTest {

	@Test
	void printsNoControlCharacters() {
		assertThat(ForeignText.printable("a\r\nb\u001b[31mc\u2028d\u202ee\uD83D")).isEqualTo("a  b [31mc d e ");
		assertThat(ForeignText.printable("未检测到人脸 \uD83D\uDE00")).isEqualTo("未检测到人脸 \uD83D\uDE00");
	}

	@Test
	void printsAtMostTwoHundredCharacters() {
		assertThat(ForeignText.printable("x".repeat(200))).isEqualTo("x".repeat(200));
		assertThat(ForeignText.printable("x".repeat(1_000_000))).isEqualTo("x".repeat(197) + "...");
	}

	@Test
	void trimsInTimeOnlyWhatIsAtTheEnds() {
		String inside = "a" + " ".repeat(1_000_000) + "b";
		assertThat(ForeignText.trimmed("\u00a0\ufeff\t" + inside + "\u200b \u3000\n")).isEqualTo(inside);
		assertThat(ForeignText.trimmed(" \u200b ")).isEmpty();
	}

}
