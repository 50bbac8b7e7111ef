package io.vedette.trace;

/**
 * Tells a collector in spans what becomes of jobs, where one is set; else it costs
 * nothing. Traces are named as {@code traceparent} of W3C Trace Context has them.
 */
public interface Traces {

	/** Where no collector is set: each hop gets the trace in which its job came. */
	Traces OFF = new Traces() {

		@Override
		public Span begin(String name, Span.Kind kind, String traceparent) {
			return UntoldSpan.of(traceparent);
		}

		@Override
		public Span again(String name, Span.Kind kind, String traceparent) {
			return UntoldSpan.of(traceparent);
		}

		@Override
		public Span enter(String name, String traceparent) {
			return UntoldSpan.of(traceparent);
		}

	};

	/**
	 * Begins a span in a trace.
	 * @param traceparent its parent, or null for a trace of its own
	 */
	Span begin(String name, Span.Kind kind, String traceparent);

	/**
	 * Begins a span of what has been tried before: a trace of its own, linked to the one
	 * that it repeats; of a trace that nobody wants to see, part of that.
	 * @param traceparent what it is linked to, or null
	 */
	Span again(String name, Span.Kind kind, String traceparent);

	/**
	 * Begins the span in which a job comes in: in the trace that it names, or else in a
	 * trace of its own. The REST call that this thread answers is such a span already.
	 * @param traceparent the trace that it names, or null
	 */
	Span enter(String name, String traceparent);

}
