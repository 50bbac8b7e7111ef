package io.vedette.intake;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;

/** Reads lines, and of one that is too long no more than its beginning. */
class LineReader {

	/** Longest line, in characters. */
	static final int LONGEST = 1 << 20;

	private final Reader reader;

	LineReader(Reader reader) {
		this.reader = new BufferedReader(reader);
	}

	/**
	 * The next line, without what ends it, or null at the end. One that has a character
	 * more than {@link #LONGEST} is too long; what is behind it has been passed over.
	 */
	String readLine() throws IOException {
		StringBuilder line = new StringBuilder();
		int c = this.reader.read();
		if (c == -1) {
			return null;
		}
		for (; c != -1 && c != '\n'; c = this.reader.read()) {
			if (line.length() <= LONGEST) {
				line.append((char) c);
			}
		}
		int last = line.length() - 1;
		return (last >= 0 && line.charAt(last) == '\r') ? line.substring(0, last) : line.toString();
	}

}
