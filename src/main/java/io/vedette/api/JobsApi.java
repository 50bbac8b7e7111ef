package io.vedette.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.vedette.delivery.DeliveryStatus;
import io.vedette.delivery.DeliveryStore;
import io.vedette.delivery.Forgetting;
import io.vedette.delivery.Targets;
import io.vedette.intake.Registrar.RegisteredRow;
import io.vedette.intake.RequestReader;
import io.vedette.intake.Requests;
import io.vedette.intake.Row;
import io.vedette.job.Job;
import io.vedette.job.JobFilter;
import io.vedette.job.JobRequest;
import io.vedette.job.JobSearch;
import io.vedette.job.JobStatus;
import io.vedette.job.JobStore;
import io.vedette.job.JobStore.JobRow;
import io.vedette.job.JobStore.Registered;
import io.vedette.job.MediaKind;
import io.vedette.job.Watch;
import io.vedette.job.Watchman;
import io.vedette.operation.Audit;
import io.vedette.operation.Audit.Act;
import io.vedette.provider.Reason;
import jakarta.annotation.Nullable;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** What the {@code /jobs} part of the REST API reads and answers. */
@RestController
@RequestMapping("/jobs")
public class JobsApi {

	private static final int MOST_REQUESTS = 1000;

	private final RequestReader reader;

	private final JobStore jobs;

	private final DeliveryStore deliveries;

	private final Watchman watchman;

	private final Audit audit;

	private final Targets targets;

	private final JobSearch search;

	private final JobWaits waits;

	private final JobStream stream;

	private final Registration registration;

	private final Forgetting forgetting;

	private final JsonMapper json;

	JobsApi(RequestReader reader, Registration registration, JobStore jobs, DeliveryStore deliveries, Watchman watchman,
			Forgetting forgetting, Audit audit, Targets targets, JobSearch search, JobWaits waits, JobStream stream,
			JsonMapper json) {
		this.audit = audit;
		this.targets = targets;
		this.search = search;
		this.waits = waits;
		this.stream = stream;
		this.reader = reader;
		this.registration = registration;
		this.forgetting = forgetting;
		this.jobs = jobs;
		this.deliveries = deliveries;
		this.watchman = watchman;
		this.json = json;
	}

	/**
	 * Takes one job request, or an array of up to 1,000: all of it is read before any of
	 * it is stored. Answers with the jobs, and with a problem in the place of each
	 * request of an array that could not be taken.
	 * @param traceparent the trace that the jobs belong to, as W3C Trace Context has it;
	 * ignored where it makes no sense
	 * @param idempotencyKey the requestId of the only request, where it names none itself
	 */
	@PostMapping
	@io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
			content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE,
					schema = @Schema(oneOf = { JobRequest.class, JobRequest[].class })))
	@ApiResponse(responseCode = "200", description = "All were known.",
			content = @Content(schema = @Schema(oneOf = { JobView.class, Item[].class })))
	@ApiResponse(responseCode = "202", description = "Some are new, or watched again.",
			content = @Content(schema = @Schema(oneOf = { JobView.class, Item[].class })))
	@ApiResponse(responseCode = "409", description = "Another request has its requestId.",
			content = @Content(mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
					schema = @Schema(implementation = Problem.class)))
	@ApiResponse(responseCode = "400", description = "None could be taken.",
			content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE,
					array = @ArraySchema(schema = @Schema(implementation = Problem.class))))
	public ResponseEntity<?> register(@RequestBody(required = false) byte[] body,
			@RequestHeader(required = false) String traceparent,
			@RequestHeader(name = "Idempotency-Key", required = false) String idempotencyKey) {
		byte[] text = (body != null) ? body : new byte[0];
		boolean array = new String(text, 0, Math.min(text.length, 64), StandardCharsets.UTF_8).stripLeading()
			.startsWith("[");
		List<RegisteredRow> taken = this.registration
			.register(read(text, traceparent, key(idempotencyKey, array), array ? MOST_REQUESTS : 1));
		return array ? ResponseEntity.status(status(taken)).body(taken.stream().map(this::item).toList())
				: answer(taken.get(0), status(taken));
	}

	/** As people send it, with or without the quotes of a structured header. */
	private static String key(String header, boolean array) {
		String key = (header != null) ? header.strip().replaceFirst("^\"(.*)\"$", "$1") : null;
		if (key != null && array) {
			throw Problems.badRequest(
					"Idempotency-Key: beside an array; expected it for one request. Write a requestId into each of them.");
		}
		if (key != null && !key.matches("[\\x20-\\x7e]{1,200}")) {
			throw Problems.badRequest(
					"Idempotency-Key: not 1-200 printable characters of ASCII; expected such text. Correct it.");
		}
		return key;
	}

	private List<Row> read(byte[] text, String traceparent, String key, int most) {
		Requests requests = this.reader.readText(text, traceparent, key);
		List<Row> rows = new ArrayList<>();
		requests.forEachRemaining(rows::addAll);
		if (requests.getProblem() != null) {
			throw Problems.badRequest("body: " + requests.getProblem());
		}
		if (rows.size() > most) {
			throw Problems
				.badRequest("body: %d job requests; expected one, or an array of at most %d. Send it in parts."
					.formatted(rows.size(), MOST_REQUESTS));
		}
		return rows;
	}

	private static HttpStatus status(List<RegisteredRow> taken) {
		if (taken.stream().allMatch((one) -> one.job() == null)) {
			return HttpStatus.BAD_REQUEST;
		}
		return taken.stream().anyMatch((one) -> one.job() != null && one.job().isNew()) ? HttpStatus.ACCEPTED
				: HttpStatus.OK;
	}

	private ResponseEntity<JobView> answer(RegisteredRow one, HttpStatus status) {
		Registered registered = Registration.taken(one);
		Job job = registered.row().job();
		return ResponseEntity.status(status)
			.location(URI.create(one.row().request().submits() ? "/requests/" + job.encodedRequestId()
					: "/jobs/" + job.provider() + "/" + job.encodedJobId()))
			.body(view(registered.row(), !registered.isNew()));
	}

	private Item item(RegisteredRow taken) {
		return (taken.job() != null) ? view(taken.job().row(), false)
				: Problem.of(taken.isConflict() ? HttpStatus.CONFLICT : HttpStatus.BAD_REQUEST,
						"row %d: %s".formatted(taken.row().number(), taken.row().problem()));
	}

	/**
	 * Lists jobs, newest first. A page may have fewer jobs than asked for and still a
	 * next one: it reads a bounded number of rows.
	 * @param status only those of this status, in upper or lower case
	 * @param provider only those of this provider
	 * @param reference only those with this reference
	 * @param target only those whose events go to this target
	 * @param account only those that are asked with the key of an account of this name
	 * @param batch only those of this batch
	 * @param q only those whose ids begin so
	 * @param requestId only the one that came of this request
	 */
	@GetMapping
	public JobsPage list(@RequestParam(required = false) String status, @RequestParam(required = false) String provider,
			@RequestParam(required = false) String reference, @RequestParam(required = false) String target,
			@RequestParam(required = false) String batch, @RequestParam(required = false) String q,
			@RequestParam(required = false) String since, @RequestParam(required = false) String until,
			@RequestParam(required = false) String limit, @RequestParam(required = false) String after,
			@RequestParam(required = false) String requestId, @RequestParam(required = false) String account) {
		String known = Page.choice("status", status, JobStatus.values());
		JobFilter filter = new JobFilter((known != null) ? JobStatus.valueOf(known) : null, provider, reference,
				target(target), q, Page.moment("since", since), Page.moment("until", until), batch, requestId, account);
		return filter.isPlain() ? list(filter, Page.of(limit, after)) : search(filter, limit, after);
	}

	private JobsPage list(JobFilter filter, Page page) {
		String status = (filter.status() != null) ? filter.status().name() : null;
		List<JobRow> rows = this.jobs.list(status, filter.provider(), page.after(), page.limit());
		return new JobsPage(views(rows), page.next(rows.stream().map((row) -> row.job().id()).toList()));
	}

	private JobsPage search(JobFilter filter, String limit, String after) {
		ListCursor cursor = new ListCursor(filter.isInOrderOfTime());
		try {
			JobSearch.Place behind = Optional.ofNullable(cursor.read(after))
				.map((place) -> new JobSearch.Place(place.moment(), place.id()))
				.orElse(null);
			JobSearch.Page found = this.search.find(filter, behind, Page.of(limit, null).limit());
			String next = Optional.ofNullable(found.next())
				.map((place) -> cursor.write(new ListCursor.Place(place.registeredAt(), place.id())))
				.orElse(null);
			return new JobsPage(views(found.rows()), next);
		}
		catch (JobSearch.TooManyException ex) {
			throw Problems
				.badRequest("q: more than %d ids begin so; write more of the id.".formatted(JobSearch.MOST_READ));
		}
	}

	private List<JobView> views(List<JobRow> rows) {
		return rows.stream().map((row) -> view(row, false)).toList();
	}

	private String target(String name) {
		if (name != null) {
			KnownNames.check("target", List.of(name), this.targets.names());
		}
		return name;
	}

	/**
	 * Tells by server-sent events each change of a job's status, with the job as the list
	 * shows it: it is registered, submitted, unconfirmed and decided about, or has ended;
	 * and which jobs are forgotten.
	 * @param lastEventId the id of the last event seen: what has happened since is told
	 * first
	 */
	@GetMapping("/stream")
	@ApiResponse(responseCode = "200",
			description = "Events as long as the caller listens: job, with a job as in the list; forgotten, with "
					+ "provider and jobId; retention, with finishedBefore: all that ended before is forgotten.",
			content = @Content(mediaType = MediaType.TEXT_EVENT_STREAM_VALUE, schema = @Schema(type = "string")))
	public void stream(@RequestHeader(name = "Last-Event-ID", required = false) String lastEventId,
			HttpServletRequest request, HttpServletResponse response) throws IOException {
		this.stream.open(request, response, Page.moment("Last-Event-ID", lastEventId));
	}

	/**
	 * Shows one job, with its faces and deliveries.
	 * @param wait answers once the job has ended or this time is over, as in 30s; at most
	 * a minute
	 */
	@GetMapping("/{provider}/{jobId}")
	@ApiResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = JobView.class)))
	public Object show(@PathVariable String provider, @PathVariable String jobId,
			@RequestParam(required = false) String wait) {
		Duration time = (wait != null) ? JobWaits.time(wait) : Duration.ZERO;
		JobRow row = find(provider, jobId);
		return (time.isZero() || row.status() != JobStatus.WATCHING) ? view(row, true)
				: this.waits.answer(row.job(), time, () -> view(find(provider, jobId), true));
	}

	/** One job, with its faces and deliveries, as it is now. */
	public JobView of(String provider, String jobId) {
		return view(find(provider, jobId), true);
	}

	/** Stops watching a job and forgets it, pictures included. */
	@DeleteMapping("/{provider}/{jobId}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	public void forget(@PathVariable String provider, @PathVariable String jobId) {
		Job job = find(provider, jobId).job();
		this.audit.add(Caller.current(), Act.FORGET, job.provider() + "/" + job.jobId(), 1);
		this.forgetting.forget(job);
	}

	private JobRow find(String provider, String jobId) {
		return this.jobs.find(provider, jobId)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND,
					"job: not known here. Register it with POST /jobs, or percent-encode its id in the path."));
	}

	JobView view(JobRow row, boolean whole) {
		JobView view = JobView.of(row, this.watchman);
		return whole ? view.with(faces(row.job()), deliveries(row.job())) : view;
	}

	private List<FaceView> faces(Job job) {
		return this.deliveries.facesOf(job).stream().map(this::face).toList();
	}

	private FaceView face(String event) {
		try {
			return this.json.readerFor(FaceView.class).at("/data").readValue(event);
		}
		catch (JsonProcessingException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private List<DeliveryView> deliveries(Job job) {
		return this.deliveries.ofJob(job).stream().map(DeliveryView::of).toList();
	}

	/**
	 * One page of jobs.
	 *
	 * @param next the after of the next page, or null
	 */
	public record JobsPage(List<JobView> jobs, @Nullable String next) {
	}

	/** What an array of job requests gets for one of them. */
	@Schema(oneOf = { JobView.class, Problem.class })
	public sealed interface Item permits JobView, Problem {

	}

	/**
	 * A job as the API shows it; faces and deliveries only where one job is asked for.
	 *
	 * @param jobId the provider's id; null until the job is submitted
	 * @param progress in per cent, where the provider says
	 * @param polls how often the provider was asked
	 * @param nextPollAt when it is asked next, where this node watches the job
	 * @param reason why it failed or expired, or is not submitted yet
	 * @param mediaUrl the URL that was analysed, or is to be
	 * @param reference the caller's own text
	 * @param targets which its events go to; null for all
	 * @param account the account at the provider whose key it is asked with
	 * @param mediaKind what it analyses, where that is known
	 * @param priority 1 to 9, where the request names one
	 * @param batch the batch that it belongs to
	 * @param requestId names the request by which it is or was submitted
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record JobView(String provider, @Nullable String jobId, JobStatus status, @Nullable Integer progress,
			Instant registeredAt, @Nullable Instant finishedAt, int polls, @Nullable Instant nextPollAt,
			@Nullable Reason reason, @Nullable String mediaUrl, @Nullable String reference,
			@Nullable List<String> targets, String account,
			@JsonInclude(JsonInclude.Include.NON_NULL) MediaKind mediaKind,
			@JsonInclude(JsonInclude.Include.NON_NULL) Integer priority, @Nullable String batch,
			@JsonInclude(JsonInclude.Include.NON_NULL) List<FaceView> faces,
			@JsonInclude(JsonInclude.Include.NON_NULL) List<DeliveryView> deliveries,
			@JsonInclude(JsonInclude.Include.NON_NULL) String requestId) implements Item {

		/** A job as it is in a list. */
		static JobView of(JobRow row, Watchman watchman) {
			Job job = row.job();
			Optional<Watch> watch = watchman.watchOf(job).filter((one) -> row.status() == JobStatus.WATCHING);
			return new JobView(job.provider(), job.jobId(), row.status(),
					watch.map(Watch::getProgress).orElse(row.progress()), job.registeredAt(), row.finishedAt(),
					watch.map(Watch::getPolls).orElse(row.polls()), watch.flatMap(watchman::nextPollAt).orElse(null),
					row.reason(), job.mediaUrl(), job.reference(), job.targets(), job.account(), job.mediaKind(),
					job.priority(), job.batch(), null, null, job.requestId());
		}

		private JobView with(List<FaceView> known, List<DeliveryView> sent) {
			return new JobView(this.provider, this.jobId, this.status, this.progress, this.registeredAt,
					this.finishedAt, this.polls, this.nextPollAt, this.reason, this.mediaUrl, this.reference,
					this.targets, this.account, this.mediaKind, this.priority, this.batch, known, sent, this.requestId);
		}

	}

	/**
	 * What the event of a face says of the face alone.
	 *
	 * @param faceId the provider's own id, or the index
	 * @param index its place in the answer, from 0
	 * @param details what the next call of the provider's API needs
	 */
	@JsonIgnoreProperties(ignoreUnknown = true)
	public record FaceView(String faceId, int index, @Nullable String imageUrl, @Nullable String mediaType,
			String expiresAt, Map<String, Object> details) {
	}

	/**
	 * A delivery as the API shows it below its job.
	 *
	 * @param id names it in a replay
	 * @param event the CloudEvents id of its event
	 * @param dueAt when it is tried next, or was due last
	 * @param reason why it is late, dead or incomplete
	 */
	public record DeliveryView(long id, String event, String target, DeliveryStatus status, int attempts, Instant dueAt,
			@Nullable Instant settledAt, @Nullable String reason) {

		static DeliveryView of(DeliveryStore.DeliveryRow row) {
			return new DeliveryView(row.id(), row.event(), row.target(), row.status(), row.attempts(), row.dueAt(),
					row.settledAt(), row.reason());
		}

	}

}
