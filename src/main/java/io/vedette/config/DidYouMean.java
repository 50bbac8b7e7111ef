package io.vedette.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

import org.apache.commons.text.similarity.LevenshteinDistance;

/** Guesses what a misspelt name was meant to be. */
public final class DidYouMean {

	private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

	private DidYouMean() {
	}

	/**
	 * {@code Did you mean "...?" } with a space behind it, or nothing if no name is
	 * close.
	 */
	public static String of(String misspelt, Collection<String> names) {
		return closest(misspelt, names).map("Did you mean \"%s\"? "::formatted).orElse("");
	}

	/** The name that was probably meant, or nothing if none is close. */
	static Optional<String> closest(String misspelt, Collection<String> names) {
		return names.stream()
			.min(Comparator.comparing((name) -> DISTANCE.apply(name, misspelt)))
			.filter((name) -> DISTANCE.apply(name, misspelt) <= 3 + misspelt.length() / 10);
	}

}
