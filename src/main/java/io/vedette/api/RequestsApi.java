package io.vedette.api;

import java.util.function.Predicate;

import io.vedette.api.JobsApi.JobView;
import io.vedette.delivery.Forgetting;
import io.vedette.job.Job;
import io.vedette.job.JobStore;
import io.vedette.job.JobStore.JobRow;
import io.vedette.job.Submissions;
import io.vedette.job.Submitter;
import io.vedette.operation.Audit;
import io.vedette.operation.Audit.Act;
import io.vedette.provider.Provider;
import io.vedette.provider.Providers;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Jobs by the request that they came of, and what a person or the caller decides where
 * nobody knows whether a job was submitted; each decision is a row of the audit.
 */
@RestController
@RequestMapping("/requests/{requestId}")
public class RequestsApi {

	private final JobsApi api;

	private final JobStore jobs;

	private final Submissions submissions;

	private final Providers providers;

	private final Forgetting forgetting;

	private final Audit audit;

	RequestsApi(JobsApi api, JobStore jobs, Submissions submissions, Providers providers, Forgetting forgetting,
			Audit audit) {
		this.api = api;
		this.jobs = jobs;
		this.submissions = submissions;
		this.providers = providers;
		this.forgetting = forgetting;
		this.audit = audit;
	}

	/**
	 * Shows the job that came of a request, with its faces and deliveries.
	 * @param requestId the caller's, or the one that Vedette made
	 */
	@GetMapping
	public JobView showRequest(@PathVariable String requestId) {
		return this.api.view(find(requestId), true);
	}

	/**
	 * Stops submitting or watching the job of a request and forgets it, pictures
	 * included.
	 */
	@DeleteMapping
	@ResponseStatus(HttpStatus.NO_CONTENT)
	public void forgetRequest(@PathVariable String requestId) {
		Job job = find(requestId).job();
		this.audit.add(Caller.current(), Act.FORGET, job.toString(), 1);
		this.forgetting.forget(job);
	}

	/**
	 * Submits once more what is UNCONFIRMED. The provider may have taken it the first
	 * time: then it runs, and is paid for, twice.
	 */
	@PostMapping("/submit-again")
	public JobView submitAgain(@PathVariable String requestId) {
		return decide(requestId, Act.SUBMIT_AGAIN, "UNCONFIRMED", this.submissions::submitAgain);
	}

	/** Watches what is UNCONFIRMED under the id that the provider has given it. */
	@PostMapping("/attach")
	public JobView attach(@PathVariable String requestId, @RequestBody AttachRequest known) {
		String jobId = known.jobId();
		if (!Job.isId(jobId)) {
			throw Problems.badRequest("jobId: missing, or not 1-200 printable characters; expected the provider's id. "
					+ "Write {\"jobId\":\"...\"}.");
		}
		boolean isBounded = this.providers.get(find(requestId).job().accountName()).maxInFlight() > 0;
		try {
			return decide(requestId, Act.ATTACH, "UNCONFIRMED",
					(job) -> this.submissions.attach(job, jobId, isBounded));
		}
		catch (DuplicateKeyException ex) {
			throw new ResponseStatusException(HttpStatus.CONFLICT,
					"jobId: known already, as another job; expected one that is not. Abandon this request, or correct the id.");
		}
	}

	/** Gives up what is UNCONFIRMED, or waits to be submitted. */
	@PostMapping("/abandon")
	public JobView abandon(@PathVariable String requestId) {
		return decide(requestId, Act.ABANDON, "UNCONFIRMED, or SUBMITTING and not sent", this.submissions::abandon);
	}

	private JobView decide(String requestId, Act act, String expected, Predicate<Job> decision) {
		JobRow row = find(requestId);
		if (!decision.test(row.job())) {
			throw new ResponseStatusException(HttpStatus.CONFLICT,
					"request: its job is %s; expected it to be %s. Look at it with GET /requests/{requestId}."
						.formatted(row.status(), expected));
		}
		this.audit.add(Caller.current(), act, row.job().toString(), 1);
		return this.api.view(find(requestId), true);
	}

	private JobRow find(String requestId) {
		return this.jobs.findRequest(requestId)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND,
					"request: not known here. Send it with POST /jobs, or percent-encode its id in the path."));
	}

	/**
	 * How an UNCONFIRMED job is known to its provider.
	 *
	 * @param jobId the provider's id
	 */
	public record AttachRequest(String jobId) {
	}

}
