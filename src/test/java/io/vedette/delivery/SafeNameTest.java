package io.vedette.delivery;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SafeNameTest {

	private static final String LONG = "x".repeat(100);

	@ParameterizedTest
	@ValueSource(strings = { "dit60yt8reqplt1c16", "0", "-", "_", "A-b_9" })
	void keepsSafeIds(String id) {
		assertThat(SafeName.of(id)).isEqualTo(id);
	}

	@Test
	void keepsASafeIdOf100Characters() {
		assertThat(SafeName.of(LONG)).isEqualTo(LONG);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ".", "..", "../../etc/passwd", "/", "C:\\x", "a b", "a\nb", "a\u0000b", "caf\u00e9",
			"\ud83d\ude42", "con.txt", "abc\n", "%2e%2e", "~root", "a:b" })
	void makesOtherIdsSafe(String id) {
		assertThat(SafeName.of(id)).matches("[A-Za-z0-9_-]+\\.[0-9a-f]{64}").hasSizeLessThanOrEqualTo(120);
	}

	@Test
	void makesLongIdsShort() {
		assertThat(SafeName.of(LONG + "x")).hasSizeLessThanOrEqualTo(120).startsWith("xxx");
	}

	@Test
	void staysReadable() {
		assertThat(SafeName.of("order 42/face 1")).startsWith("order_42_face_1.");
	}

	@Test
	void namesTheSameIdAlwaysTheSame() {
		assertThat(SafeName.of("a/b")).isEqualTo(SafeName.of("a/b"))
			.isEqualTo("a_b.225b0adb1d75082b6a4f6032745c05f877f094eacfc1a9b3b74ae8cf2a1cd8c1");
	}

	@Test
	void namesDifferentIdsDifferentlyWhateverTheFileSystemThinksOfCase() {
		List<String> ids = List.of("a/b", "a_b", "A/B", "a\\b", "a b", SafeName.of("a/b"), LONG + "y", LONG + "z",
				"\ud800", "\ud801", "?", "", "_", "caf\u00e9", "cafe\u0301");
		Set<String> names = new HashSet<>();
		ids.forEach((id) -> names.add(SafeName.of(id).toLowerCase(Locale.ROOT)));
		assertThat(names).hasSameSizeAs(ids);
	}

}
