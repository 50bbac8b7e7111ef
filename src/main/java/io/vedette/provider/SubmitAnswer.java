package io.vedette.provider;

import java.util.Locale;

/**
 * What came of submitting a job, whichever provider it is. A {@code submit-} route names
 * it in lower case.
 */
public enum SubmitAnswer {

	/** The provider has taken it, and says under which id. */
	ACCEPTED,
	/** It has not taken it and never will. */
	FAILED,
	/** Too many requests: it has not taken it. */
	THROTTLED,
	/** The key or the quota is refused: it has not taken it. */
	REFUSED,
	/** It has not taken it for now, or was never asked. */
	AGAIN,
	/** There is no telling whether it has. */
	UNKNOWN;

	/** The name that a {@code submit-} route gives it. */
	public String label() {
		return name().toLowerCase(Locale.ROOT);
	}

	/** Reads the name that a {@code submit-} route gave; what is none, says nothing. */
	public static SubmitAnswer of(String name) {
		for (SubmitAnswer answer : values()) {
			if (answer.label().equals(name)) {
				return answer;
			}
		}
		return UNKNOWN;
	}

	/** What it means to the jobs that wait for the same provider. */
	public AnswerClass toOthers() {
		return switch (this) {
			case ACCEPTED, FAILED -> AnswerClass.PENDING;
			case THROTTLED -> AnswerClass.THROTTLED;
			case REFUSED -> AnswerClass.REFUSED;
			case AGAIN, UNKNOWN -> AnswerClass.UNAVAILABLE;
		};
	}

}
