package io.vedette.rig;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vedette.standin.Reply;
import io.vedette.standin.Request;

/**
 * What nodes have submitted to the providers, and where a kill is aimed at the moment of
 * it. Each node has a key of its own, which tells who submits.
 */
final class Posts {

	/** The replies of the stand-in by which it surely has not taken the media. */
	private static final List<Integer> NOT_TAKEN = List.of(401, 429);

	private static final ObjectMapper JSON = new ObjectMapper();

	private final Map<String, List<Integer>> replies = new ConcurrentHashMap<>();

	private final Map<String, Trap> traps = new ConcurrentHashMap<>();

	/** A kill that waits for its node's next POST. */
	static final class Trap {

		private final CountDownLatch begun = new CountDownLatch(1);

		private final CountDownLatch killed = new CountDownLatch(1);

		private final boolean isBeforeReply;

		private Trap(boolean isBeforeReply) {
			this.isBeforeReply = isBeforeReply;
		}

		/** Whether there is one within so many milliseconds. */
		boolean awaits(long millis) throws InterruptedException {
			return this.begun.await(millis, TimeUnit.MILLISECONDS);
		}

		/** The node is dead: whatever is replied, it does not hear it. */
		void hit() {
			this.killed.countDown();
		}

	}

	/**
	 * The key of a node.
	 * @param key the provider's
	 */
	static String key(String key, String node) {
		return key + "-" + node;
	}

	/**
	 * Aims at a node.
	 * @param isBeforeReply whether the reply waits for the kill
	 */
	Trap at(String node, boolean isBeforeReply) {
		Trap trap = new Trap(isBeforeReply);
		this.traps.put(node, trap);
		return trap;
	}

	/** Whether a kill waits for a POST. */
	boolean isAiming() {
		return !this.traps.isEmpty();
	}

	/** Aims no more. */
	void rest(String node) {
		this.traps.remove(node);
	}

	/**
	 * A node submits.
	 * @param reply what is replied; null for an id
	 */
	void take(Request request, Reply reply) {
		this.replies.computeIfAbsent(mediaUrl(request), (url) -> new CopyOnWriteArrayList<>())
			.add((reply != null) ? reply.status() : 200);
		String key = request.header("x-api-key");
		Trap trap = this.traps.remove(key.substring(key.lastIndexOf('-') + 1));
		if (trap != null) {
			trap.begun.countDown();
			if (trap.isBeforeReply) {
				awaitKill(trap);
			}
		}
	}

	private static void awaitKill(Trap trap) {
		try {
			trap.killed.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static String mediaUrl(Request request) {
		try {
			JsonNode body = JSON.readTree(request.body());
			return body.path("video_url").asText(body.path("image_url").asText());
		}
		catch (IOException ex) {
			return request.text();
		}
	}

	/** How many POSTs there were. */
	int count() {
		return this.replies.values().stream().mapToInt(List::size).sum();
	}

	/** URLs of all media that were submitted. */
	Iterable<String> mediaUrls() {
		return this.replies.keySet();
	}

	/** How often the provider may have taken this media. */
	long taken(String mediaUrl) {
		return this.replies.getOrDefault(mediaUrl, List.of())
			.stream()
			.filter((status) -> !NOT_TAKEN.contains(status))
			.count();
	}

}
