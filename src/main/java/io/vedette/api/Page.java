package io.vedette.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One page of a list.
 *
 * @param limit how many rows at most
 * @param after the cursor that the page before gave, or null
 */
record Page(int limit, Long after) {

	private static final int USUAL = 100;

	private static final int MOST = 1000;

	static Page of(String limit, String after) {
		int rows = (int) number("limit", limit, USUAL, MOST);
		return new Page(rows, (after != null) ? number("after", after, 0, Long.MAX_VALUE) : null);
	}

	private static long number(String name, String text, long usual, long most) {
		if (text == null) {
			return usual;
		}
		if (text.matches("\\d{1,18}") && Long.parseLong(text) >= 1 && Long.parseLong(text) <= most) {
			return Long.parseLong(text);
		}
		throw Problems.badRequest("%s: no number from 1 to %d. Correct the query.".formatted(name, most));
	}

	/** A moment as a caller writes it, or null. */
	static Instant moment(String name, String text) {
		try {
			return (text != null) ? Instant.parse(text) : null;
		}
		catch (DateTimeException ex) {
			throw Problems.badRequest("%s: no moment; expected ISO 8601 such as 2026-05-27T12:00:00Z.".formatted(name));
		}
	}

	static String choice(String name, String text, Enum<?>[] values) {
		List<String> choices = Arrays.stream(values).<String>map(Enum::name).toList();
		if (text == null || choices.contains(text.toUpperCase(Locale.ROOT))) {
			return (text != null) ? text.toUpperCase(Locale.ROOT) : null;
		}
		throw Problems.badRequest("%s: unknown; expected one of %s. Correct the query.".formatted(name, choices));
	}

	/** The cursor of the page after these rows, or null where they are the last. */
	String next(List<Long> ids) {
		return (ids.size() == this.limit) ? ids.get(ids.size() - 1).toString() : null;
	}

}
