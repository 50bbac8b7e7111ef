package io.vedette.job;

import org.springframework.dao.ConcurrencyFailureException;

/** A batch was sealed, or got other jobs, while jobs were about to join it. */
class BatchChangedException extends ConcurrencyFailureException {

	BatchChangedException(String batch) {
		super("batch \"" + batch + "\": changed by somebody else meanwhile; expected it as it was. Try again.");
	}

}
