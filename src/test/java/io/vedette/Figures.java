package io.vedette;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a page of documentation that a program writes: it stands between two
 * comments, {@code <!-- name -->} and {@code <!-- end of name -->}.
 */
public record Figures(Path page, String name) {

	/** The machine, as tables name it. */
	public static String machine() {
		return "%d processors, Java %s".formatted(Runtime.getRuntime().availableProcessors(),
				Runtime.version().feature());
	}

	/** What stands there, without the blank lines around it. */
	public String read() throws IOException {
		return place().inner().strip();
	}

	/** Replaces what stands there. */
	public void write(String text) throws IOException {
		Place place = place();
		Files.writeString(this.page, place.before() + "\n\n" + text.strip() + "\n\n" + place.after());
	}

	private Place place() throws IOException {
		String whole = Files.readString(this.page);
		String begin = "<!-- " + this.name + " -->";
		int from = whole.indexOf(begin);
		int to = whole.indexOf("<!-- end of " + this.name + " -->");
		if (from < 0 || to < from) {
			throw new IOException(
					"%s: no \"%s\" with its end behind it. Restore both comments.".formatted(this.page, begin));
		}
		int inner = from + begin.length();
		return new Place(whole.substring(0, inner), whole.substring(inner, to), whole.substring(to));
	}

	private record Place(String before, String inner, String after) {
	}

}
