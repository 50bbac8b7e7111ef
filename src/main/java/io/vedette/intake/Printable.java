package io.vedette.intake;

/** What somebody else has written, as a log may show it. */
final class Printable {

	private static final int LONGEST = 200;

	private Printable() {
	}

	/**
	 * The text without control characters, line breaks included, and at most 200
	 * characters of it.
	 */
	static String of(String text) {
		String start = (text.length() > LONGEST) ? text.substring(0, LONGEST - 3) + "..." : text;
		return start.codePoints()
			.map((c) -> isControl(c) ? '?' : c)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

	/**
	 * The text without what can't be seen at its ends: blanks of any width, none
	 * included, and marks of the direction of writing.
	 */
	static String trim(String text) {
		int begin = 0;
		int end = text.length();
		while (begin < end && isBlank(text.charAt(begin))) {
			begin++;
		}
		while (begin < end && isBlank(text.charAt(end - 1))) {
			end--;
		}
		return text.substring(begin, end);
	}

	private static boolean isBlank(char c) {
		return Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.getType(c) == Character.FORMAT;
	}

	private static boolean isControl(int c) {
		return switch (Character.getType(c)) {
			case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
					Character.PARAGRAPH_SEPARATOR ->
				true;
			default -> false;
		};
	}

}
