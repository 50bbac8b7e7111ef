package io.vedette.provider;

import java.util.Locale;

/**
 * What a reply means for the job, whichever provider gave it. An {@code ask-} route names
 * it in lower-case kebab.
 */
public enum AnswerClass {

	/** Not finished: ask again. */
	PENDING,
	/** Finished, with any number of faces. */
	SUCCEEDED,
	/** Finished: the provider says that it failed. */
	FAILED,
	/**
	 * The provider does not know the job: "not yet" within the grace, the end after it.
	 */
	NOT_FOUND,
	/** Asked too often. */
	THROTTLED,
	/** No answer: the provider is down, or the reply makes no sense. */
	UNAVAILABLE,
	/** The key or the quota is refused: the provider pauses, the job does not end. */
	REFUSED;

	/** Whether the provider said something about the job, if only that it knows none. */
	boolean tellsOfTheJob() {
		return switch (this) {
			case PENDING, SUCCEEDED, FAILED, NOT_FOUND -> true;
			case THROTTLED, UNAVAILABLE, REFUSED -> false;
		};
	}

	/** The name that an {@code ask-} route gives it. */
	public String label() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/** Reads the name that an {@code ask-} route gave. */
	public static AnswerClass of(String name) {
		try {
			return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
		}
		catch (IllegalArgumentException | NullPointerException ex) {
			throw new IllegalArgumentException(
					"answer \"%s\": unknown; expected pending, succeeded, failed, not-found, throttled, unavailable or refused. Correct the variable 'answer' in the provider's ask- route."
						.formatted(name),
					ex);
		}
	}

}
