package io.vedette.trace;

/** What takes a while, as a trace shows it. Nothing may be said after its end. */
public interface Span {

	/** Who is at the other side. */
	enum Kind {

		/** Nobody: it happens here. */
		INTERNAL,
		/** Who hands in by a message or a file. */
		CONSUMER,
		/** Who answers at once. */
		CLIENT,
		/** Who takes it some time. */
		PRODUCER

	}

	/** What the next hop is told to be a part of; null if there is nothing to tell. */
	String traceparent();

	/** Whether anybody will see what is said of it. */
	boolean isSeen();

	/** Says something about it; a value that is null is left out. */
	Span set(String name, String value);

	/** The same for a number. */
	Span set(String name, long value);

	/** Says what has happened at this moment. */
	void happened(String event, String name, String value);

	/**
	 * It has failed.
	 * @param reason why, without personal data
	 */
	void fail(String reason);

	void end();

}
