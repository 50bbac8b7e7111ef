package io.vedette.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.vedette.packaged.Load;
import io.vedette.packaged.PackagedJar;

/**
 * Two nodes that are alike but for the undelivered rows of one of them: its webhook is
 * dead. They take turns; the one whose turn it is not stands still.
 */
final class Backlog implements AutoCloseable {

	/** Events of 4,800 jobs with 20 faces each: more than 100,000 rows. */
	private static final int JOBS = 4800;

	private static final String DEAD = "crm";

	private final Race race;

	private final Node with;

	private final Node without;

	/**
	 * @param launch the jar in a directory, with a dead webhook {@value #DEAD}
	 */
	Backlog(Race race, Path directory, Function<Path, PackagedJar.Launch> launch) throws Exception {
		this.race = race;
		this.without = new Node(directory.resolve("without"), launch);
		this.with = new Node(directory.resolve("with"), launch);
		this.without.start();
		this.with.start();
	}

	/** Measures so many rounds; each ratio is one with the backlog to one without. */
	List<Ratios> compare(int rounds, int jobs) throws Exception {
		for (Node node : List.of(this.without, this.with)) {
			node.deliver(this.race.load(jobs));
		}
		long heapBefore = this.with.jar.liveHeap();
		Race.register(this.with.jar, DEAD, this.race.load(JOBS));
		this.with.awaitOutcomes();
		this.without.jar.freeze();
		Ratios heap = new Ratios("live heap: with the backlog, before it");
		Ratios delivery = new Ratios("files of new jobs: time with the backlog, without");
		Ratios restart = new Ratios("from a start to the files of a new job: time with the backlog, without");
		for (int round = 0; round < rounds; round++) {
			heap.add(this.with.jar.liveHeap(), heapBefore);
			long slow = this.with.deliver(this.race.load(jobs));
			swap(this.with, this.without);
			delivery.add(slow, this.without.deliver(this.race.load(jobs)));
			swap(this.without, this.with);
		}
		for (int round = 0; round < rounds; round++) {
			long slow = this.with.restart(this.race.load(1));
			swap(this.with, this.without);
			restart.add(slow, this.without.restart(this.race.load(1)));
			swap(this.without, this.with);
		}
		return List.of(heap, delivery, restart);
	}

	private static void swap(Node stops, Node goesOn) throws Exception {
		stops.jar.freeze();
		goesOn.jar.thaw();
	}

	@Override
	public void close() {
		this.with.close();
		this.without.close();
	}

	private final class Node {

		private final PackagedJar.Launch launch;

		private final FilesClient files;

		private PackagedJar jar;

		private Node(Path directory, Function<Path, PackagedJar.Launch> launch) throws IOException {
			this.launch = launch.apply(Files.createDirectories(directory));
			this.files = new FilesClient(directory.resolve("data/out"));
		}

		private void start() {
			this.jar = this.launch.start();
		}

		private long deliver(Load load) throws Exception {
			return Backlog.this.race.vedette(this.jar, this.files, load);
		}

		/**
		 * Nanoseconds from the start of the process until a new job's files are there.
		 */
		private long restart(Load load) throws Exception {
			this.jar.stop();
			long began = System.nanoTime();
			start();
			deliver(load);
			return System.nanoTime() - began;
		}

		private void awaitOutcomes() throws Exception {
			while (!this.jar.get("/jobs?status=WATCHING&limit=1").path("jobs").isEmpty()) {
				TimeUnit.MILLISECONDS.sleep(500);
			}
		}

		private void close() {
			if (this.jar != null) {
				this.jar.close();
			}
		}

	}

}
