package io.vedette.standin;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Replies in order, the last one again and again. */
final class Script {

	private final List<Reply> replies;

	private final AtomicInteger given = new AtomicInteger();

	Script(List<Reply> replies) {
		if (replies.isEmpty()) {
			throw new IllegalArgumentException("Script: no replies; at least one expected.");
		}
		this.replies = new ArrayList<>(replies);
	}

	Reply next() {
		int last = this.replies.size() - 1;
		return this.replies.get(this.given.getAndUpdate((count) -> Math.min(count + 1, last)));
	}

}
