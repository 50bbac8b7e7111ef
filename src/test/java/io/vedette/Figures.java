package io.vedette;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a page of documentation that a program writes: it stands between two
 * comments, {@code <!-- name -->} and {@code <!-- end of name -->}.
 */
public record Figures(Path page, String name) {

	/** Replaces what stands there. */
	public void write(String text) throws IOException {
		String whole = Files.readString(this.page);
		String begin = "<!-- " + this.name + " -->";
		int from = whole.indexOf(begin);
		int to = whole.indexOf("<!-- end of " + this.name + " -->");
		if (from < 0 || to < from) {
			throw new IOException(
					"%s: no \"%s\" with its end behind it. Restore both comments.".formatted(this.page, begin));
		}
		Files.writeString(this.page,
				whole.substring(0, from + begin.length()) + "\n\n" + text.strip() + "\n\n" + whole.substring(to));
	}

}
