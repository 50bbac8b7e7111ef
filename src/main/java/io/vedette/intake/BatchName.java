package io.vedette.intake;

import java.time.Instant;

import io.vedette.text.ForeignText;

/** What callers may call a batch. */
public final class BatchName {

	/** What is expected of it. */
	public static final String EXPECTED = "text of 1-200 printable characters without blanks around it";

	private static final int LONGEST = 200;

	private BatchName() {
	}

	/** What is wrong with a name, or null. */
	public static String problem(String name) {
		int length = name.codePointCount(0, name.length());
		if (length < 1 || name.length() > LONGEST) {
			return length + " characters";
		}
		if (!name.codePoints().allMatch(RequestCheck::isPrintable)) {
			return "holds a control character";
		}
		return name.equals(ForeignText.trimmed(name)) ? null : "begins or ends with a blank";
	}

	/**
	 * The batch of a file: the same each time that the same file is read, another one for
	 * each that is handed in under its name.
	 * @param modified when it was last changed, in milliseconds since 1970
	 */
	static String ofFile(String file, long modified) {
		String moment = "@" + Instant.ofEpochMilli(modified);
		String name = file.codePoints()
			.map((c) -> RequestCheck.isPrintable(c) ? c : '?')
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString()
			.strip();
		int longest = LONGEST - moment.length();
		return (name.length() <= longest ? name
				: Integer.toHexString(file.hashCode()) + "..." + name.substring(name.length() - longest + 11)) + moment;
	}

}
