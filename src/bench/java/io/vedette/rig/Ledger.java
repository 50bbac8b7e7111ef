package io.vedette.rig;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.vedette.packaged.Load;

/** Which jobs were offered, and which of them Vedette has accepted. */
final class Ledger {

	private final Map<Key, Load.Item> offered = new ConcurrentHashMap<>();

	private final Set<Key> accepted = ConcurrentHashMap.newKeySet();

	private final Set<Key> handedIn = ConcurrentHashMap.newKeySet();

	private final List<List<Load.Item>> batches = new CopyOnWriteArrayList<>();

	private final Map<Path, List<Load.Item>> files = new ConcurrentHashMap<>();

	/** What names a job. */
	record Key(String provider, String jobId) {

		static Key of(Load.Item job) {
			return new Key(job.provider(), job.jobId());
		}

	}

	void offer(List<Load.Item> batch) {
		batch.forEach((job) -> this.offered.put(Key.of(job), job));
		this.batches.add(batch);
	}

	/** Acknowledged: a reply of class 2xx, or a message that the queue is rid of. */
	void accept(List<Load.Item> batch) {
		batch.forEach((job) -> this.accepted.add(Key.of(job)));
	}

	/**
	 * Handed in with some success.
	 * @return those that were not before
	 */
	List<Load.Item> handIn(List<Load.Item> batch) {
		return batch.stream().filter((job) -> this.handedIn.add(Key.of(job))).toList();
	}

	/** Was put into an inbox: accepted once it is among the done ones. */
	void file(Path file, List<Load.Item> batch) {
		this.files.put(file, batch);
	}

	/**
	 * Looks where the files have gone.
	 * @return those that are not among the done ones
	 */
	List<Path> settleFiles() {
		this.files.forEach((file, batch) -> {
			if (Files.exists(file.resolveSibling(".done").resolve(file.getFileName()))) {
				accept(batch);
			}
		});
		return this.files.keySet()
			.stream()
			.filter((file) -> Files.notExists(file.resolveSibling(".done").resolve(file.getFileName())))
			.toList();
	}

	/** A batch that was offered before, or null if there is none. */
	List<Load.Item> again(Random random) {
		int size = this.batches.size();
		return (size > 0) ? this.batches.get(random.nextInt(size)) : null;
	}

	boolean isAccepted(Load.Item job) {
		return this.accepted.contains(Key.of(job));
	}

	/** The job with that name, or null if nobody has offered it. */
	Load.Item find(String provider, String jobId) {
		return this.offered.get(new Key(provider, jobId));
	}

	Collection<Load.Item> offered() {
		return this.offered.values();
	}

}
