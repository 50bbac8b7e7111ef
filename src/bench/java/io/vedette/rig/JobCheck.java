package io.vedette.rig;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.vedette.packaged.Load;
import io.vedette.standin.ProviderStandIn;

/** Compares the jobs that are stored with what was handed in and what was submitted. */
final class JobCheck {

	private static final Set<String> UNDER_WAY = Set.of("SUBMITTING", "UNCONFIRMED", "WATCHING");

	private final Ledger ledger;

	private final Posts posts;

	private final Decisions decisions;

	private final ProviderStandIn providers;

	private final Journal journal;

	JobCheck(Ledger ledger, Posts posts, Decisions decisions, ProviderStandIn providers, Journal journal) {
		this.ledger = ledger;
		this.posts = posts;
		this.decisions = decisions;
		this.providers = providers;
		this.journal = journal;
	}

	/**
	 * Jobs whose events must arrive: those that were accepted, and those that were stored
	 * although nobody heard of it.
	 */
	Collection<Load.Item> owed(List<Rows.Row> rows) {
		Set<Load.Item> owed = new HashSet<>();
		for (Rows.Row row : rows) {
			Order order = this.ledger.find(row.name());
			check(row, order);
			if (order != null && row.jobId() != null && !row.status().equals("ABANDONED")) {
				owed.add(order.as(row.jobId()));
			}
		}
		this.ledger.offered()
			.stream()
			.filter((order) -> order.mediaUrl() == null && this.ledger.isAccepted(order))
			.forEach((order) -> owed.add(order.job()));
		return owed;
	}

	private void check(Rows.Row row, Order order) {
		String status = row.status();
		if (order == null || !status.equals(expected(order))) {
			this.journal.problem("job %s: %s".formatted(row.name(), status));
		}
		else if (order.batch() != null && !order.batch().equals(row.batch()) && !this.ledger.isRepeated(order)) {
			this.journal.problem("job %s: of batch %s; expected %s".formatted(row.name(), row.batch(), order.batch()));
		}
		if (row.mediaUrl() != null && row.jobId() != null
				&& !this.providers.submissions(row.mediaUrl()).contains(row.jobId())) {
			this.journal.problem("job %s: its provider never named it %s".formatted(row.name(), row.jobId()));
		}
	}

	private String expected(Order order) {
		return this.decisions.isAbandoned(order.mediaUrl()) ? "ABANDONED"
				: order.job().fails() ? "FAILED" : "SUCCEEDED";
	}

	/** What became of the media. */
	Submitted submitted(List<Rows.Row> rows) {
		Map<String, Integer> stored = new HashMap<>();
		Set<String> lost = new TreeSet<>();
		rows.stream().filter((row) -> row.mediaUrl() != null).forEach((row) -> {
			stored.merge(row.mediaUrl(), 1, Integer::sum);
			if (UNDER_WAY.contains(row.status())) {
				lost.add(row.mediaUrl());
			}
		});
		this.ledger.offered()
			.stream()
			.filter((order) -> order.mediaUrl() != null && this.ledger.isAccepted(order))
			.filter((order) -> !stored.containsKey(order.mediaUrl()))
			.forEach((order) -> lost.add(order.mediaUrl()));
		stored.forEach((mediaUrl, count) -> {
			if (count > 1) {
				this.journal.problem("%d jobs of %s".formatted(count, mediaUrl));
			}
		});
		Set<String> twice = new TreeSet<>();
		for (String mediaUrl : this.posts.mediaUrls()) {
			if (this.posts.taken(mediaUrl) > 1) {
				twice.add(mediaUrl);
			}
			if (!stored.containsKey(mediaUrl)) {
				this.journal.problem("submitted without a row: " + mediaUrl);
			}
		}
		return new Submitted(stored.size() + lost.size(), this.posts.count(), twice, lost, this.decisions.count());
	}

}
