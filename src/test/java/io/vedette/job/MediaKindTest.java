package io.vedette.job;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class MediaKindTest {

	@ParameterizedTest
	@CsvSource({ "https://example.com/a.png, IMAGE", "https://example.com/a.JPEG?size=2#b.mp4, IMAGE",
			"https://example.com/a.b/c.mp4, VIDEO", "https://example.com/a.gif#b, GIF", "https://example.com/gif,",
			"https://example.com/a.png/b,", "https://example.com/?file=a.png,", "https://example.com,", "'',", "," })
	void isReadFromThePathOfTheUrl(String url, MediaKind kind) {
		assertThat(MediaKind.of(url)).isEqualTo(kind);
	}

}
