package io.vedette.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vedette.api.JobsApi.JobView;
import io.vedette.config.VedetteProperties;
import io.vedette.job.Job;
import io.vedette.job.JobChanges;
import io.vedette.job.JobChanges.Change;
import io.vedette.job.Watchman;
import io.vedette.operation.Audit;
import io.vedette.operation.Audit.Entry;

import org.springframework.stereotype.Component;

/**
 * What there is to tell of jobs, whichever node did it: their rows say what was
 * registered, is unconfirmed and has ended, the audit says what an operator has had
 * forgotten. The retention leaves no row behind; what it has forgotten is told by one
 * moment, however many jobs they are.
 */
@Component
class JobHistory {

	private final JobChanges changes;

	private final Audit audit;

	private final Watchman watchman;

	private final Duration retention;

	private final Clock clock;

	JobHistory(JobChanges changes, Audit audit, Watchman watchman, VedetteProperties properties, Clock clock) {
		this.changes = changes;
		this.audit = audit;
		this.watchman = watchman;
		this.retention = properties.retention();
		this.clock = clock;
	}

	/**
	 * The first that has happened behind a moment, in its order. What is of one moment
	 * stays together.
	 * @param limit how much at least, if there is as much
	 */
	List<News> since(Instant moment, int limit) {
		List<News> changed = this.changes.since(moment, limit).stream().map(this::news).toList();
		List<News> forgotten = this.audit.forgotten(moment, limit).stream().map(JobHistory::news).toList();
		Instant known = Stream.of(changed, forgotten)
			.filter((news) -> news.size() >= limit)
			.map((news) -> news.get(news.size() - 1).at())
			.min(Comparator.naturalOrder())
			.orElse(Instant.MAX);
		return Stream.concat(changed.stream(), forgotten.stream())
			.filter((news) -> !news.at().isAfter(known))
			.sorted(Comparator.comparing(News::at))
			.toList();
	}

	private News news(Change change) {
		return new News(change.at(), change.row().job().id() + " " + change.row().status() + " " + change.at(), "job",
				() -> JobView.of(change.row(), this.watchman));
	}

	private static News news(Entry entry) {
		return new News(entry.at(), "forgotten " + entry.id(), "forgotten", () -> Forgotten.of(entry.what()));
	}

	/** When the job ended that ended first of all that are known, or null. */
	Instant firstEnd() {
		return this.changes.firstEnd(this.clock.instant()).orElse(null);
	}

	/** Whether only the retention has been so long waiting for a job that ended then. */
	boolean isOld(Instant end) {
		return end.isBefore(this.clock.instant().minus(this.retention));
	}

	/** No job is known any more that ended before this moment. */
	News retention(Instant firstEnd) {
		Instant old = this.clock.instant().minus(this.retention);
		Instant before = (firstEnd != null && firstEnd.isBefore(old)) ? firstEnd : old;
		return new News(this.clock.instant(), "retention " + before, "retention", () -> new ForgottenBefore(before));
	}

	/**
	 * What is told of jobs.
	 *
	 * @param at when it happened
	 * @param key tells it from all else
	 * @param type the name of the event
	 * @param data what is written as its data
	 */
	record News(Instant at, String key, String type, Supplier<Object> data) {
	}

	/**
	 * An operator has had this job forgotten.
	 *
	 * @param jobId null where it was not submitted yet
	 * @param requestId the request that it came of, where it has no id of the provider's
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Forgotten(String provider, String jobId, String requestId) {

		/** As {@link Job#name} writes it into the audit. */
		private static final Pattern NAME = Pattern.compile("([^/,]*)(?:/|(, request ))(.*)", Pattern.DOTALL);

		static Forgotten of(String name) {
			Matcher parts = NAME.matcher(name);
			if (!parts.matches()) {
				throw new IllegalStateException("audit: \"%s\" names no job".formatted(name));
			}
			boolean submitted = parts.group(2) == null;
			return new Forgotten(parts.group(1), submitted ? parts.group(3) : null, submitted ? null : parts.group(3));
		}

	}

	/** All jobs that ended before this moment are forgotten. */
	record ForgottenBefore(Instant finishedBefore) {
	}

}
