package io.vedette.rig;

import java.util.Set;

/**
 * A line of the table.
 *
 * @param received how many different ones
 * @param duplicated how many came more than once
 * @param unexpected what nobody expects, what is not what it says it is, and what differs
 * from an earlier copy of itself
 */
record Tally(String target, int expected, int received, Set<String> lost, long duplicated, Set<String> unexpected) {

	boolean isSound() {
		return this.lost.isEmpty() && this.unexpected.isEmpty();
	}

}
