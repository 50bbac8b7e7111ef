package io.vedette.delivery;

/** A target is paused: the delivery is not attempted, and goes back to its row. */
class TargetPausedException extends Exception {

	TargetPausedException() {
		// Of a whole queue of them nobody reads a stack trace.
		super("the target is paused", null, false, false);
	}

}
