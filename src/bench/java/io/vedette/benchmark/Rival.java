package io.vedette.benchmark;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import io.vedette.packaged.Signals;

/**
 * A program that takes part in an {@link Arena}. It stands still unless it is its turn.
 */
interface Rival extends AutoCloseable {

	/** Hands jobs of crun.ai in. */
	void watch(List<String> jobIds) throws Exception;

	/** Processor time so far, of its database too. */
	Duration cpuTime() throws IOException;

	ProcessHandle process();

	default void freeze() throws IOException, InterruptedException {
		Signals.send(process(), "STOP");
	}

	default void thaw() throws IOException, InterruptedException {
		Signals.send(process(), "CONT");
	}

	@Override
	void close();

}
