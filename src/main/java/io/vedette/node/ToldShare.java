package io.vedette.node;

/**
 * What a node says in its row about one provider's rate limit.
 *
 * @param share requests a period that it may send: any period holds at most so many of
 * its own
 * @param wants requests a period that it could use
 * @param jobs that it watches
 */
record ToldShare(int share, long wants, long jobs) {

	static final ToldShare NONE = new ToldShare(0, 0, 0);

}
