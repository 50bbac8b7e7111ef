package io.vedette.rig;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Waits that are part of the chaos. */
final class Pause {

	private Pause() {
	}

	static void millis(long millis) throws InterruptedException {
		TimeUnit.MILLISECONDS.sleep(millis);
	}

	/** Between two times, in milliseconds. */
	static void between(Random random, int shortest, int longest) throws InterruptedException {
		millis(shortest + random.nextInt(longest - shortest));
	}

}
