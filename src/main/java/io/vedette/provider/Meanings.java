package io.vedette.provider;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What each word of a provider means, be it a status of a job or the code of an error.
 */
final class Meanings {

	private final Map<String, AnswerClass> meanings = new HashMap<>();

	/**
	 * Adds a word.
	 * @return what it meant before, or null
	 */
	AnswerClass add(String word, AnswerClass meaning) {
		return this.meanings.putIfAbsent(key(word), meaning);
	}

	boolean isEmpty() {
		return this.meanings.isEmpty();
	}

	/** What the word means, or null if the table does not list it. */
	AnswerClass of(String word) {
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
