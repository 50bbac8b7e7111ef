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

/** What was offered, and what of it Vedette has accepted. */
final class Ledger {

	private final Map<String, Order> offered = new ConcurrentHashMap<>();

	private final Set<String> accepted = ConcurrentHashMap.newKeySet();

	private final Set<String> handedIn = ConcurrentHashMap.newKeySet();

	private final Set<String> repeated = ConcurrentHashMap.newKeySet();

	private final List<List<Order>> draws = new CopyOnWriteArrayList<>();

	private final Map<Path, List<Order>> files = new ConcurrentHashMap<>();

	void offer(List<Order> orders) {
		orders.forEach((order) -> this.offered.put(order.name(), order));
		if (orders.stream().allMatch(Order::isRepeatable)) {
			this.draws.add(orders);
		}
	}

	/** Acknowledged: a reply of class 2xx, or a message that the queue is rid of. */
	void accept(List<Order> orders) {
		orders.forEach((order) -> this.accepted.add(order.name()));
	}

	/**
	 * Handed in with some success.
	 * @return those that were not before
	 */
	List<Order> handIn(List<Order> orders) {
		return orders.stream().filter((order) -> this.handedIn.add(order.name())).toList();
	}

	/** Was put into an inbox: accepted once it is among the done ones. */
	void file(Path file, List<Order> orders) {
		this.files.put(file, orders);
	}

	/**
	 * Looks where the files have gone.
	 * @return those that are not among the done ones
	 */
	List<Path> settleFiles() {
		this.files.forEach((file, orders) -> {
			if (isDone(file)) {
				accept(orders);
			}
		});
		return this.files.keySet().stream().filter((file) -> !isDone(file)).toList();
	}

	static boolean isDone(Path file) {
		return Files.exists(file.resolveSibling(".done").resolve(file.getFileName()));
	}

	/**
	 * What was offered before, or null if there is nothing. It names no batch: that may
	 * be sealed by now.
	 */
	List<Order> again(Random random) {
		int size = this.draws.size();
		if (size == 0) {
			return null;
		}
		List<Order> orders = this.draws.get(random.nextInt(size)).stream().map(Order::withoutBatch).toList();
		orders.forEach((order) -> this.repeated.add(order.name()));
		return orders;
	}

	/** Whether it was handed in again, then without its batch. */
	boolean isRepeated(Order order) {
		return this.repeated.contains(order.name());
	}

	boolean isAccepted(Order order) {
		return this.accepted.contains(order.name());
	}

	/** What has that name, or null if nobody has offered it. */
	Order find(String name) {
		return this.offered.get(name);
	}

	Collection<Order> offered() {
		return this.offered.values();
	}

}
