package io.vedette.provider;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What each word of a provider means, be it a status of a job or the code of an error.
 *
 * @param <A> the answers
 */
final class Meanings<A> {

	private final Map<String, A> meanings = new HashMap<>();

	/**
	 * Adds a word.
	 * @return what it meant before, or null
	 */
	A add(String word, A meaning) {
		return this.meanings.putIfAbsent(key(word), meaning);
	}

	boolean isEmpty() {
		return this.meanings.isEmpty();
	}

	/** What the word means, or null if the table does not list it. */
	A of(String word) {
		return (word != null) ? this.meanings.get(key(word)) : null;
	}

	/**
	 * A status or code as a word, without white space around; null where it is none. A
	 * number is the same word however it is written: 3, 3.0 or "3".
	 */
	static String word(JsonNode value) {
		if (!value.isValueNode() || value.isNull() || value.isMissingNode()) {
			return null;
		}
		String word = value.isFloatingPointNumber() ? value.decimalValue().stripTrailingZeros().toPlainString()
				: value.asText().strip();
		return word.isEmpty() ? null : word;
	}

	private static String key(String word) {
		return word.toLowerCase(Locale.ROOT);
	}

}
