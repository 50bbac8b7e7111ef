package io.vedette.api;

import java.util.Collection;
import java.util.List;

import io.vedette.config.DidYouMean;

/**
 * Refuses a name that is not known: without a filter that was misspelt all would match.
 */
final class KnownNames {

	private static final int LONGEST_QUOTE = 60;

	private KnownNames() {
	}

	/**
	 * Refuses the first of the given names that is none of the known ones.
	 * @param kind what is named, for the caller to read
	 */
	static void check(String kind, Collection<String> given, List<String> known) {
		given.stream().filter((name) -> !known.contains(name)).findFirst().ifPresent((name) -> {
			throw Problems.badRequest("%s \"%s\": unknown; expected %s. %sCorrect or remove it.".formatted(kind,
					name.substring(0, Math.min(name.length(), LONGEST_QUOTE)),
					known.isEmpty() ? "none" : "one of " + known, DidYouMean.of(name, known)));
		});
	}

}
