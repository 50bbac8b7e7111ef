package io.vedette.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * Text that somebody else wrote, made fit to be stored and to be shown. A NUL and half of
 * a surrogate pair are JSON, but no database and no UTF-8 file can hold them.
 */
public final class ForeignText {

	private static final String REPLACEMENT = "\uFFFD";

	private static final int LONGEST_PRINT = 200;

	private ForeignText() {
	}

	/**
	 * The text with U+FFFD for each character that can't be stored; the very text where
	 * there is none.
	 */
	public static String storable(String text) {
		if (text == null || isStorable(text)) {
			return text;
		}
		StringBuilder clean = new StringBuilder(text.length());
		text.codePoints().forEach((c) -> {
			if (isStorable(c)) {
				clean.appendCodePoint(c);
			}
			else {
				clean.append(REPLACEMENT);
			}
		});
		return clean.toString();
	}

	/**
	 * The same for all names and values in a JSON value, which is changed. Of two names
	 * that become one, the second gets its place: {@code "a\uFFFD~1"}.
	 */
	public static JsonNode storable(JsonNode node) {
		if (node instanceof ObjectNode object) {
			clean(object);
		}
		else if (node instanceof ArrayNode array) {
			for (int i = 0; i < array.size(); i++) {
				array.set(i, storable(array.get(i)));
			}
		}
		else if (node.isTextual() && !isStorable(node.textValue())) {
			return TextNode.valueOf(storable(node.textValue()));
		}
		return node;
	}

	private static void clean(ObjectNode object) {
		List<Map.Entry<String, JsonNode>> members = new ArrayList<>(object.properties());
		object.removeAll();
		for (Map.Entry<String, JsonNode> member : members) {
			String name = storable(member.getKey());
			while (object.has(name)) {
				name = name + "~" + object.size();
			}
			object.set(name, storable(member.getValue()));
		}
	}

	/**
	 * The text as a log line may show it: without control characters, line breaks
	 * included, at most 200 characters.
	 */
	public static String printable(String text) {
		return printable(text, LONGEST_PRINT);
	}

	/** The same with at most so many characters. */
	public static String printable(String text, int longest) {
		if (text == null) {
			return null;
		}
		StringBuilder print = new StringBuilder();
		text.codePoints().limit(longest + 1L).map((c) -> isPrintable(c) ? c : ' ').forEach(print::appendCodePoint);
		if (print.codePointCount(0, print.length()) > longest) {
			print.setLength(print.offsetByCodePoints(0, longest - 3));
			print.append("...");
		}
		return print.toString();
	}

	/**
	 * The text without what can't be seen at its ends: blanks of any width, none
	 * included, and marks of the direction of writing.
	 */
	public static String trimmed(String text) {
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

	private static boolean isStorable(String text) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == 0 || Character.isSurrogate(c)) {
				return text.codePoints().allMatch(ForeignText::isStorable);
			}
		}
		return true;
	}

	private static boolean isStorable(int c) {
		return c != 0 && Character.getType(c) != Character.SURROGATE;
	}

	private static boolean isPrintable(int c) {
		return switch (Character.getType(c)) {
			// Format characters, as they turn the direction of a line round.
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE ->
				false;
			default -> true;
		};
	}

}
