package io.vedette.node;

import java.util.List;
import java.util.Map;

/** The rows by which the nodes know of each other. */
interface NodeRows {

	/** All rows as they are now, this node's included. */
	List<NodeRow> all();

	/**
	 * Writes this node's row: it is alive now.
	 * @param shares what it holds of each provider's limit, or null for all
	 * @return whether the row is this process's
	 */
	boolean write(Map<String, ToldShare> shares);

	/**
	 * Does something while no other node does: all of it or, with an exception, nothing
	 * is written.
	 * @return false if another node does something: nothing was done
	 */
	boolean alone(Runnable work);

}
