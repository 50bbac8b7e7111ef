package io.vedette.delivery;

/**
 * Why a picture is not there.
 *
 * @param note what a person reads beside the delivery; never the picture's URL
 * @param kind what becomes of it
 */
record Missing(String note, Kind kind) {

	/** Whether the picture may still come. */
	enum Kind {

		/** Its host, or the target, may do better later. */
		LATE,
		/** It is not there; right after its job has finished it may be so soon. */
		NOT_YET,
		/** It never comes. */
		GONE

	}

}
