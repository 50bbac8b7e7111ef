package io.vedette.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vedette.delivery.DeliveryStore;
import io.vedette.intake.Registrar.Taken;
import io.vedette.intake.RequestReader;
import io.vedette.intake.Requests;
import io.vedette.intake.Row;
import io.vedette.job.Job;
import io.vedette.job.JobStore;
import io.vedette.job.JobStore.JobRow;
import io.vedette.job.Watch;
import io.vedette.job.Watchman;
import io.vedette.provider.Reason;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.apache.camel.Variable;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.util.UriUtils;

/** What the {@code /jobs} part of the REST API reads and answers. */
@Component("jobsApi")
public class JobsApi {

	private static final int MOST_REQUESTS = 1000;

	private final RequestReader reader;

	private final JobStore jobs;

	private final DeliveryStore deliveries;

	private final Watchman watchman;

	private final ObjectMapper json;

	JobsApi(RequestReader reader, JobStore jobs, DeliveryStore deliveries, Watchman watchman, ObjectMapper json) {
		this.reader = reader;
		this.jobs = jobs;
		this.deliveries = deliveries;
		this.watchman = watchman;
		this.json = json;
	}

	/** Reads one request or an array of them: all of it, before any of it is stored. */
	public List<Row> read(@Body byte[] body, Exchange exchange) {
		byte[] text = (body != null) ? body : new byte[0];
		boolean array = new String(text, 0, Math.min(text.length, 64), StandardCharsets.UTF_8).stripLeading()
			.startsWith("[");
		exchange.setVariable("array", array);
		Requests requests = this.reader.readText(text);
		List<Row> rows = new ArrayList<>();
		requests.forEachRemaining(rows::addAll);
		if (requests.getProblem() != null) {
			throw Problems.badRequest("body: " + requests.getProblem());
		}
		if (rows.size() > (array ? MOST_REQUESTS : 1)) {
			throw Problems
				.badRequest("body: %d job requests; expected one, or an array of at most %d. Send it in parts."
					.formatted(rows.size(), MOST_REQUESTS));
		}
		return rows;
	}

	/**
	 * Answers with the jobs, and with a problem in the place of each request that could
	 * not be taken.
	 */
	public void accepted(@Body List<Taken> taken, @Variable("array") boolean array, Message message)
			throws JsonProcessingException {
		HttpStatus status = taken.stream().anyMatch((one) -> one.job() != null && one.job().isNew())
				? HttpStatus.ACCEPTED
				: taken.stream().anyMatch((one) -> one.job() != null) ? HttpStatus.OK : HttpStatus.BAD_REQUEST;
		if (array) {
			answer(message, status, taken.stream().map(this::item).toList());
			return;
		}
		Taken one = taken.get(0);
		if (one.job() == null) {
			throw Problems.badRequest(one.row().problem());
		}
		Job job = one.job().row().job();
		message.setHeader("Location", "/jobs/" + job.provider() + "/" + job.encodedJobId());
		answer(message, status, view(one.job().row(), !one.job().isNew()));
	}

	private Object item(Taken taken) {
		return (taken.job() != null) ? view(taken.job().row(), false) : Problems.of(HttpStatus.BAD_REQUEST,
				"row %d: %s".formatted(taken.row().number(), taken.row().problem()));
	}

	/** Shows one job, with its faces and deliveries. */
	public void show(@Header("provider") String provider, @Header("jobId") String jobId, Message message)
			throws JsonProcessingException {
		answer(message, HttpStatus.OK, view(find(provider, jobId), true));
	}

	/** Finds the job that a path names, percent-encoded as it came. */
	public Job locate(@Header("provider") String provider, @Header("jobId") String jobId) {
		return find(provider, jobId).job();
	}

	private JobRow find(String provider, String encodedJobId) {
		String jobId = decode(encodedJobId);
		Optional<JobRow> row = this.jobs.find(decode(provider), jobId);
		return row.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND,
				"job: not known here. Register it with POST /jobs, or percent-encode its id in the path."));
	}

	private static String decode(String encoded) {
		try {
			return UriUtils.decode(encoded, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw Problems.badRequest("path: broken percent-encoding; expected %XX. Encode the id as UTF-8.");
		}
	}

	/** Lists jobs, newest first: {@code {"jobs": [...], "next": "..."}}. */
	public void list(@Header("status") String status, @Header("provider") String provider,
			@Header("limit") String limit, @Header("after") String after, Message message)
			throws JsonProcessingException {
		Page page = Page.of(limit, after);
		List<JobRow> rows = this.jobs.list(
				Page.choice("status", status, List.of("WATCHING", "SUCCEEDED", "FAILED", "EXPIRED", "CANCELLED")),
				provider, page.after(), page.limit());
		ObjectNode answer = this.json.createObjectNode();
		answer.set("jobs", this.json.valueToTree(rows.stream().map((row) -> view(row, false)).toList()));
		answer.put("next", page.next(rows.stream().map((row) -> row.job().id()).toList()));
		answer(message, HttpStatus.OK, answer);
	}

	/** Answers that there is nothing left to show. */
	public void gone(Message message) {
		message.setHeader(Exchange.HTTP_RESPONSE_CODE, HttpStatus.NO_CONTENT.value());
		message.setBody(null);
	}

	private void answer(Message message, HttpStatus status, Object body) throws JsonProcessingException {
		message.setHeader(Exchange.HTTP_RESPONSE_CODE, status.value());
		message.setHeader(Exchange.CONTENT_TYPE, "application/json");
		message.setBody(this.json.writeValueAsString(body));
	}

	private JobView view(JobRow row, boolean whole) {
		Job job = row.job();
		Optional<Watch> watch = this.watchman.watchOf(job);
		boolean watched = row.status().equals("WATCHING") && watch.isPresent();
		return new JobView(job.provider(), job.jobId(), row.status(),
				watched ? watch.get().getProgress() : row.progress(), job.registeredAt(), row.finishedAt(),
				watched ? watch.get().getPolls() : row.polls(), row.reason(), job.mediaUrl(), job.reference(),
				job.targets(), whole ? faces(job) : null, whole ? deliveries(job) : null);
	}

	private List<JsonNode> faces(Job job) {
		return this.deliveries.facesOf(job).stream().map((event) -> {
			try {
				return this.json.readTree(event).path("data");
			}
			catch (JsonProcessingException ex) {
				throw new IllegalStateException("event of " + job + ": no JSON", ex);
			}
		}).map((data) -> {
			((ObjectNode) data).remove(List.of("provider", "jobId", "total", "mediaUrl", "reference"));
			return data;
		}).toList();
	}

	private List<DeliveryView> deliveries(Job job) {
		return this.deliveries.ofJob(job).stream().map(DeliveryView::of).toList();
	}

	/**
	 * A job as the API shows it; {@code faces} and {@code deliveries} only where one job
	 * is asked for.
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	record JobView(String provider, String jobId, String status, Integer progress, Instant registeredAt,
			Instant finishedAt, int polls, Reason reason, String mediaUrl, String reference, List<String> targets,
			@JsonInclude(JsonInclude.Include.NON_NULL) List<JsonNode> faces,
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
