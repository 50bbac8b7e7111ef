package io.vedette.api;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.vedette.job.Job;
import io.vedette.job.JobChanges;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.server.ResponseStatusException;

/** Calls that wait for the end of a job. They hold no thread. */
@Component
class JobWaits {

	static final int MOST = 1000;

	private static final Duration LONGEST = Duration.ofMinutes(1);

	private final Map<DeferredResult<Object>, Waiting> waits = new ConcurrentHashMap<>();

	private final JobChanges changes;

	JobWaits(JobChanges changes) {
		this.changes = changes;
	}

	/** How long a caller wants to wait, as he has written it. */
	static Duration time(String text) {
		try {
			Duration time = DurationStyle.detectAndParse(text);
			if (!time.isNegative() && time.compareTo(LONGEST) <= 0) {
				return time;
			}
		}
		catch (IllegalArgumentException ex) {
			// Said below, as for a time that is too long.
		}
		throw Problems.badRequest("wait: no time from 0s to %ds; expected one such as 30s. Correct the query."
			.formatted(LONGEST.toSeconds()));
	}

	/**
	 * Answers when the job has ended, or the time is over.
	 * @param answer what is answered then
	 */
	DeferredResult<Object> answer(Job job, Duration time, Supplier<Object> answer) {
		if (this.waits.size() >= MOST) {
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE,
					"wait: %d calls wait already; none more may. Ask without it, again later.".formatted(MOST));
		}
		DeferredResult<Object> result = new DeferredResult<>(time.toMillis());
		result.onTimeout(() -> result.setResult(answer.get()));
		result.onCompletion(() -> this.waits.remove(result));
		this.waits.put(result, new Waiting(job.id(), answer));
		return result;
	}

	/** A stop waits for nobody. */
	@EventListener(ContextClosedEvent.class)
	void stop() {
		this.waits.forEach((result, waiting) -> end(result, waiting.answer()));
	}

	/** How many wait. */
	int size() {
		return this.waits.size();
	}

	void tell() {
		Set<Long> jobs = this.waits.values().stream().map(Waiting::job).collect(Collectors.toSet());
		if (!jobs.isEmpty()) {
			Set<Long> watched = this.changes.watched(jobs);
			this.waits.forEach((result, waiting) -> {
				if (jobs.contains(waiting.job()) && !watched.contains(waiting.job())) {
					end(result, waiting.answer());
				}
			});
		}
	}

	/**
	 * A job that was forgotten meanwhile is answered for as any other that is not known.
	 */
	private static void end(DeferredResult<Object> result, Supplier<Object> answer) {
		try {
			result.setResult(answer.get());
		}
		catch (RuntimeException ex) {
			result.setErrorResult(ex);
		}
	}

	private record Waiting(long job, Supplier<Object> answer) {

	}

}
