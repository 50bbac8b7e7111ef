package io.vedette.benchmark;

import java.io.IOException;
import java.util.concurrent.TimeoutException;

import io.vedette.packaged.Load;

/**
 * One target of Vedette, and what it takes to send events there and nothing else: no
 * provider, no database, no retry.
 */
interface BareClient extends AutoCloseable {

	/** Name of the target. */
	String target();

	/**
	 * Sends one event and returns once the target has taken it.
	 * @param id CloudEvents id
	 * @param file where the files target has it
	 * @param body the event as JSON
	 */
	void send(String id, String file, String body) throws Exception;

	/** From now on these are waited for. */
	void expect(Load load);

	/** Whether all of them have arrived. */
	boolean haveAllArrived();

	@Override
	default void close() throws IOException, TimeoutException {
	}

}
