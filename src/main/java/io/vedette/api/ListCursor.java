package io.vedette.api;

import java.time.Instant;

/**
 * The place of a row in a list, as callers carry it from page to page: its id, and where
 * the list is in the order of time, the moment before it.
 */
record ListCursor(boolean timed) {

	private static final String SEPARATOR = "_";

	/** Where the page before ended; null where there is none. */
	Place read(String text) {
		if (text == null) {
			return null;
		}
		String[] parts = text.split(SEPARATOR, 2);
		if (parts.length != (this.timed ? 2 : 1)) {
			throw Problems.badRequest("after: not of a list with this filter; expected the next of the page before.");
		}
		Instant moment = this.timed ? Page.moment("after", parts[0]) : null;
		return new Place(moment, Page.of(null, parts[parts.length - 1]).after());
	}

	String write(Place place) {
		return this.timed ? place.moment() + SEPARATOR + place.id() : Long.toString(place.id());
	}

	/**
	 * The place of a row.
	 *
	 * @param moment null where the list is in the order of ids
	 */
	record Place(Instant moment, long id) {
	}

}
