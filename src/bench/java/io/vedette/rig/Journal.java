package io.vedette.rig;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the rig did and when, how often, and which promises were broken. */
final class Journal implements AutoCloseable {

	private final Map<String, Integer> counts = new ConcurrentHashMap<>();

	private final List<String> problems = new CopyOnWriteArrayList<>();

	private final PrintWriter file;

	Journal(Path file) throws IOException {
		this.file = new PrintWriter(Files.newBufferedWriter(file), true);
	}

	/** Something that was done on purpose. */
	void count(String what, String detail) {
		this.counts.merge(what, 1, Integer::sum);
		note(what + ": " + detail);
	}

	int count(String what) {
		return this.counts.getOrDefault(what, 0);
	}

	/** A broken promise. */
	void problem(String text) {
		this.problems.add(LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + " " + text);
		note("PROBLEM " + text);
	}

	void note(String text) {
		this.file.println(LocalTime.now() + " " + text);
	}

	Map<String, Integer> counts() {
		return new TreeMap<>(this.counts);
	}

	List<String> problems() {
		return List.copyOf(this.problems);
	}

	@Override
	public void close() {
		this.file.close();
	}

}
