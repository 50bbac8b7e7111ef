package io.vedette.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.vedette.delivery.DeliveryStore.TimeRange;
import io.vedette.job.IndexPage;
import io.vedette.job.SqlTime;

/**
 * The query for the ids of a page of deliveries. It is the first of the pages of several
 * kinds, a target and a status each, every one of which is read from an index.
 */
public final class DeliveryPage {

	private final List<String> kinds = new ArrayList<>();

	private final Map<String, Object> values = new HashMap<>();

	private final TimeRange settled;

	private final Cursor after;

	private final int limit;

	DeliveryPage(TimeRange settled, Cursor after, int limit) {
		this.settled = settled;
		this.after = after;
		this.limit = limit;
	}

	/** Adds a kind; null is any target, or any status. */
	void add(String target, DeliveryStatus status) {
		IndexPage page = new IndexPage("delivery", this.kinds.size()).with("target", target)
			.with("status", (status != null) ? status.name() : null);
		if (this.settled.isOpen()) {
			page.between("id", 0L, (this.after != null) ? this.after.id() : Long.MAX_VALUE);
		}
		else if (this.after != null) {
			page.between("settled_at", this.settled.begin(), SqlTime.of(this.after.settledAt()))
				.between("id", 0L, this.after.id());
		}
		else {
			page.between("settled_at", this.settled.begin(), this.settled.end()).between("id", 0L, 0L);
		}
		this.kinds.add("(" + page.sql(columns(), this.limit) + ")");
		this.values.putAll(page.values());
	}

	boolean isEmpty() {
		return this.kinds.isEmpty();
	}

	Map<String, Object> values() {
		return this.values;
	}

	/** Only what the index has: it is read without the rows. */
	private String columns() {
		return this.settled.isOpen() ? "id" : "id, settled_at";
	}

	String order() {
		return this.settled.isOpen() ? "id desc" : "settled_at desc, id desc";
	}

	@Override
	public String toString() {
		return "select id from (%s) page order by %s limit %d".formatted(String.join(" union all ", this.kinds),
				order(), this.limit);
	}

	/**
	 * A delivery behind which the next page begins.
	 *
	 * @param settledAt when it was settled, or null where the list does not say when
	 * @param id its row
	 */
	public record Cursor(Instant settledAt, long id) {
	}

}
