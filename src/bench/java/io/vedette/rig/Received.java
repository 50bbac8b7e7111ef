package io.vedette.rig;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a target has taken: how often each event, and which were not as they should be.
 */
final class Received {

	private final Map<String, Integer> counts = new ConcurrentHashMap<>();

	private final Map<String, Long> firstSeen = new ConcurrentHashMap<>();

	private final AtomicLong clock = new AtomicLong();

	private final Set<String> odd = ConcurrentHashMap.newKeySet();

	private final String target;

	private final Bodies bodies;

	private final Journal journal;

	Received(String target, Bodies bodies, Journal journal) {
		this.target = target;
		this.bodies = bodies;
		this.journal = journal;
	}

	/** The target has said that it has it. */
	void take(String id, byte[] body) {
		look(id, body);
		if (this.counts.merge(id, 1, Integer::sum) > 1) {
			this.journal.note("%s again at %s".formatted(id, this.target));
		}
	}

	/** It was sent, whether the target takes it or not. */
	void look(String id, byte[] body) {
		this.firstSeen.computeIfAbsent(id, (key) -> this.clock.incrementAndGet());
		if (!this.bodies.agree(id, body)) {
			this.odd.add(id);
		}
	}

	/** Whether the first attempt to send one came before the first of another. */
	boolean isSeenBefore(String one, String other) {
		long never = Long.MAX_VALUE;
		return this.firstSeen.getOrDefault(one, never) < this.firstSeen.getOrDefault(other, never);
	}

	/** Something else than an event. */
	void takeOddity(String name) {
		this.odd.add(name);
	}

	int size() {
		return this.counts.size();
	}

	/**
	 * Compares with what must have come.
	 * @param expected type of each event, by its id
	 */
	Tally tally(Map<String, String> expected) {
		Set<String> lost = new TreeSet<>(expected.keySet());
		lost.removeAll(this.counts.keySet());
		Set<String> unexpected = new TreeSet<>(this.odd);
		long duplicated = 0;
		for (Map.Entry<String, Integer> entry : new HashMap<>(this.counts).entrySet()) {
			duplicated += (entry.getValue() > 1) ? 1 : 0;
			String type = expected.get(entry.getKey());
			if (type == null || !type.equals(this.bodies.type(entry.getKey()))) {
				unexpected.add(entry.getKey());
			}
		}
		return new Tally(this.target, expected.size(), this.counts.size(), lost, duplicated, unexpected);
	}

}
