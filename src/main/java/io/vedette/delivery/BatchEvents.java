package io.vedette.delivery;

import java.util.List;
import java.util.Objects;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vedette.job.Batch;
import io.vedette.job.BatchCompleted;
import io.vedette.job.BatchStore;
import io.vedette.job.JobStore.JobRow;
import io.vedette.provider.Reason;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Writes the event of a batch that is complete, in the very transaction that completes
 * it.
 */
@Component
class BatchEvents {

	/** Jobs that the event names; of more it says how many are left out. */
	private static final int MOST_FAILURES = 100;

	/** A provider may say much about a failure. */
	private static final int LONGEST_MESSAGE = 1000;

	private final BatchStore batches;

	private final DeliveryStore deliveries;

	private final Targets targets;

	private final Events events;

	BatchEvents(BatchStore batches, DeliveryStore deliveries, Targets targets, Events events) {
		this.batches = batches;
		this.deliveries = deliveries;
		this.targets = targets;
		this.events = events;
	}

	@EventListener
	void store(BatchCompleted completed) {
		Batch batch = completed.batch();
		List<String> listeners = (batch.isForAllTargets() ? this.targets.names() : batch.targets()).stream()
			.filter((target) -> this.targets.wants(target, Event.BATCH))
			.toList();
		if (!listeners.isEmpty()) {
			this.deliveries.addBehindJobs(event(batch), batch.id(), listeners);
		}
	}

	private Event event(Batch batch) {
		List<JobRow> failures = (batch.failed() + batch.expired() > 0)
				? this.batches.failures(batch.id(), MOST_FAILURES) : List.of();
		ObjectNode data = JsonNodeFactory.instance.objectNode()
			.put("batch", batch.id())
			.put("total", batch.total())
			.put("succeeded", batch.succeeded())
			.put("failed", batch.failed())
			.put("expired", batch.expired());
		ArrayNode named = data.putArray("failures");
		failures.forEach((row) -> named.add(failure(row)));
		data.put("failuresLeftOut", Math.max(0, batch.failed() + batch.expired() - failures.size()));
		return this.events.event("batch:" + batch.id(), Event.BATCH, "/batches", batch.id(), batch.completedAt(),
				SafeName.of(batch.id()), null, null, data);
	}

	private static ObjectNode failure(JobRow row) {
		Reason reason = Objects.requireNonNullElse(row.reason(), Reason.NONE);
		ObjectNode failure = JsonNodeFactory.instance.objectNode()
			.put("provider", row.job().provider())
			.put("jobId", row.job().jobId());
		if (row.job().requestId() != null) {
			failure.put("requestId", row.job().requestId());
		}
		failure.putObject("reason").put("code", shortened(reason.code())).put("message", shortened(reason.message()));
		return failure;
	}

	private static String shortened(String text) {
		return (text == null || text.length() <= LONGEST_MESSAGE) ? text
				: text.substring(0, text.offsetByCodePoints(0, LONGEST_MESSAGE / 2)) + "...";
	}

}
