package io.vedette.provider;

import java.util.function.Supplier;

import org.apache.camel.Processor;

/**
 * Makes an exception of an error that a step of a route ends in, as by a reply that there
 * is no memory for: Camel would let it pass to the thread's end, and the job with it.
 */
public final class Errors {

	private Errors() {
	}

	/** The step, which throws no error. */
	public static Processor asExceptions(Processor step) {
		return (exchange) -> {
			try {
				step.process(exchange);
			}
			catch (Error ex) {
				throw exception(ex);
			}
		};
	}

	/** The same for a question. */
	public static <T> T asExceptions(Supplier<T> question) {
		try {
			return question.get();
		}
		catch (Error ex) {
			throw exception(ex);
		}
	}

	private static IllegalStateException exception(Error error) {
		return new IllegalStateException("a step of a route ended in an error", error);
	}

}
