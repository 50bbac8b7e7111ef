package io.vedette.intake;

import java.util.regex.Pattern;

/**
 * The trace in which a job is handed in: {@code traceparent} as W3C Trace Context has it.
 */
final class TraceParent {

	static final String NAME = "traceparent";

	private static final Pattern FORMAT = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

	private TraceParent() {
	}

	/** The text if it makes sense, else null: no job is refused for its trace. */
	static String of(String text) {
		return (text != null && FORMAT.matcher(text).matches()) ? text : null;
	}

}
