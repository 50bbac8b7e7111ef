package io.vedette.api;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.delivery.DeliveryStore;
import io.vedette.delivery.Forgetting;
import io.vedette.intake.Registrar.RegisteredRow;
import io.vedette.intake.RequestReader;
import io.vedette.intake.Requests;
import io.vedette.intake.Row;
import io.vedette.job.Job;
import io.vedette.job.JobStatus;
import io.vedette.job.JobStore;
import io.vedette.job.JobStore.JobRow;
import io.vedette.job.Watch;
import io.vedette.job.Watchman;
import io.vedette.provider.Reason;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** What the {@code /jobs} part of the REST API reads and answers. */
@RestController
@RequestMapping("/jobs")
class JobsApi {

	private static final int MOST_REQUESTS = 1000;

	private final RequestReader reader;

	private final JobStore jobs;

	private final DeliveryStore deliveries;

	private final Watchman watchman;

	private final Registration registration;

	private final Forgetting forgetting;

	private final JsonMapper json;

	JobsApi(RequestReader reader, Registration registration, JobStore jobs, DeliveryStore deliveries, Watchman watchman,
			Forgetting forgetting, JsonMapper json) {
		this.reader = reader;
		this.registration = registration;
		this.forgetting = forgetting;
		this.jobs = jobs;
		this.deliveries = deliveries;
		this.watchman = watchman;
		this.json = json;
	}

	/**
	 * Takes one request or an array of them: all of it is read before any of it is
	 * stored. Answers with the jobs, and with a problem in the place of each request of
	 * an array that could not be taken.
	 */
	@PostMapping
	ResponseEntity<?> register(@RequestBody(required = false) byte[] body) {
		byte[] text = (body != null) ? body : new byte[0];
		boolean array = new String(text, 0, Math.min(text.length, 64), StandardCharsets.UTF_8).stripLeading()
			.startsWith("[");
		List<RegisteredRow> taken = this.registration.register(read(text, array ? MOST_REQUESTS : 1));
		return array ? ResponseEntity.status(status(taken)).body(taken.stream().map(this::item).toList())
				: answer(taken.get(0), status(taken));
	}

	private List<Row> read(byte[] text, int most) {
		Requests requests = this.reader.readText(text);
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
		if (one.job() == null) {
			throw Problems.badRequest(one.row().problem());
		}
		Job job = one.job().row().job();
		return ResponseEntity.status(status)
			.location(URI.create("/jobs/" + job.provider() + "/" + job.encodedJobId()))
			.body(view(one.job().row(), !one.job().isNew()));
	}

	private Object item(RegisteredRow taken) {
		return (taken.job() != null) ? view(taken.job().row(), false) : Problem.of(HttpStatus.BAD_REQUEST,
				"row %d: %s".formatted(taken.row().number(), taken.row().problem()));
	}

	/** Lists jobs, newest first. */
	@GetMapping
	JobsPage list(@RequestParam(required = false) String status, @RequestParam(required = false) String provider,
			@RequestParam(required = false) String limit, @RequestParam(required = false) String after) {
		Page page = Page.of(limit, after);
		List<JobRow> rows = this.jobs.list(Page.choice("status", status, JobStatus.values()), provider, page.after(),
				page.limit());
		return new JobsPage(rows.stream().map((row) -> view(row, false)).toList(),
				page.next(rows.stream().map((row) -> row.job().id()).toList()));
	}

	/** Shows one job, with its faces and deliveries. */
	@GetMapping("/{provider}/{jobId}")
	JobView show(@PathVariable String provider, @PathVariable String jobId) {
		return view(find(provider, jobId), true);
	}

	/** Stops watching a job and forgets it, pictures included. */
	@DeleteMapping("/{provider}/{jobId}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void forget(@PathVariable String provider, @PathVariable String jobId) {
		this.forgetting.forget(find(provider, jobId).job());
	}

	private JobRow find(String provider, String jobId) {
		return this.jobs.find(provider, jobId)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND,
					"job: not known here. Register it with POST /jobs, or percent-encode its id in the path."));
	}

	private JobView view(JobRow row, boolean whole) {
		Job job = row.job();
		Optional<Watch> watch = this.watchman.watchOf(job);
		boolean watched = row.status() == JobStatus.WATCHING && watch.isPresent();
		return new JobView(job.provider(), job.jobId(), row.status().name(),
				watched ? watch.get().getProgress() : row.progress(), job.registeredAt(), row.finishedAt(),
				watched ? watch.get().getPolls() : row.polls(), row.reason(), job.mediaUrl(), job.reference(),
				job.targets(), whole ? faces(job) : null, whole ? deliveries(job) : null);
	}

	private List<Map<String, Object>> faces(Job job) {
		return this.deliveries.facesOf(job).stream().map(this::face).toList();
	}

	/** What the event of a face says of the face alone. */
	@SuppressWarnings("unchecked")
	private Map<String, Object> face(String event) {
		try {
			Map<String, Object> data = (Map<String, Object>) this.json.readValue(event, Map.class).get("data");
			data.keySet().removeAll(Set.of("provider", "jobId", "total", "mediaUrl", "reference"));
			return data;
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
	 * @param next {@code after} of the next page, or null
	 */
	record JobsPage(List<JobView> jobs, String next) {
	}

	/**
	 * A job as the API shows it; {@code faces} and {@code deliveries} only where one job
	 * is asked for.
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	record JobView(String provider, String jobId, String status, Integer progress, Instant registeredAt,
			Instant finishedAt, int polls, Reason reason, String mediaUrl, String reference, List<String> targets,
			@JsonInclude(JsonInclude.Include.NON_NULL) List<Map<String, Object>> faces,
			@JsonInclude(JsonInclude.Include.NON_NULL) List<DeliveryView> deliveries) {
	}

	/** A delivery as the API shows it below its job. */
	record DeliveryView(long id, String event, String target, String status, int attempts, Instant dueAt,
			Instant settledAt, String reason) {

		static DeliveryView of(DeliveryStore.DeliveryRow row) {
			return new DeliveryView(row.id(), row.event(), row.target(), row.status().name(), row.attempts(),
					row.dueAt(), row.settledAt(), row.reason());
		}

	}

}
