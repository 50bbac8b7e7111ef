package io.vedette.provider;

/**
 * Who wants a job: those who share a provider do so in proportion to their priorities.
 *
 * @param name what their references begin with, empty where they have no such beginning
 * @param priority 1 to 9
 */
public record Caller(String name, int priority) {

	/** That of a job which names none. */
	public static final int DEFAULT_PRIORITY = 5;

	private static final int LONGEST_NAME = 100;

	/** Of a job that says nothing. */
	static final Caller ANY = new Caller("", DEFAULT_PRIORITY);

	/**
	 * The caller of a job: its reference up to the first colon or slash, of that at most
	 * 100 characters, and its priority.
	 * @param reference the caller's own text, or null
	 * @param priority 1 to 9, or null
	 */
	public static Caller of(String reference, Integer priority) {
		int end = 0;
		while (reference != null && end < reference.length() && ":/".indexOf(reference.charAt(end)) < 0) {
			end++;
		}
		boolean named = reference != null && end < reference.length();
		if (!named && priority == null) {
			return ANY;
		}
		return new Caller(named ? reference.substring(0, Math.min(end, LONGEST_NAME)) : "",
				(priority != null) ? priority : DEFAULT_PRIORITY);
	}

	/** The caller that a row names. */
	public static Caller ofRow(String text) {
		return new Caller(text.substring(1), text.charAt(0) - '0');
	}

	/** How rows name it. */
	public String inRow() {
		return this.priority + this.name;
	}

}
