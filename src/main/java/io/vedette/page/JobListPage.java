package io.vedette.page;

import java.util.List;

import io.vedette.api.JobsApi;
import io.vedette.api.JobsApi.JobView;
import io.vedette.api.JobsApi.JobsPage;
import io.vedette.api.RequestsApi;
import io.vedette.api.RequestsApi.AttachRequest;
import io.vedette.delivery.Targets;
import io.vedette.job.JobStatus;
import io.vedette.provider.Providers;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.context.annotation.Lazy;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** The jobs, a page at a time, by what the API takes as a filter. */
@Lazy
@Controller
class JobListPage {

	private static final String PATH = "/page/jobs";

	private static final String LIMIT = "50";

	private final JobsApi jobs;

	private final Providers providers;

	private final Targets targets;

	private final RequestsApi requests;

	JobListPage(JobsApi jobs, Providers providers, Targets targets, RequestsApi requests) {
		this.jobs = jobs;
		this.providers = providers;
		this.targets = targets;
		this.requests = requests;
	}

	@GetMapping(PATH)
	String list(@RequestParam(required = false) String status, @RequestParam(required = false) String provider,
			@RequestParam(required = false) String reference, @RequestParam(required = false) String target,
			@RequestParam(required = false) String batch, @RequestParam(required = false) String q,
			@RequestParam(required = false) String since, @RequestParam(required = false) String until,
			@RequestParam(required = false) String account, @RequestParam(required = false) String after, Model model,
			HttpServletResponse response) {
		Query query = new Query().with("q", q)
			.with("status", status)
			.with("provider", provider)
			.with("reference", reference)
			.with("target", target)
			.with("account", account)
			.with("batch", batch)
			.with("since", since)
			.with("until", until);
		model.addAttribute("query", query);
		model.addAttribute("statuses", JobStatus.values());
		model.addAttribute("providers", this.providers.names());
		model.addAttribute("accounts", accounts());
		model.addAttribute("targets", this.targets.names());
		model.addAttribute("first", (after != null) ? query.at(PATH, null) : null);
		try {
			JobsPage page = this.jobs.list(query.get("status"), query.get("provider"), query.get("reference"),
					query.get("target"), query.get("batch"), query.get("q"), query.get("since"), query.get("until"),
					LIMIT, after, null, query.get("account"));
			model.addAttribute("jobs", page.jobs());
			model.addAttribute("next", (page.next() != null) ? query.at(PATH, page.next()) : null);
		}
		catch (ResponseStatusException ex) {
			response.setStatus(ex.getStatusCode().value());
			model.addAttribute("problem", ex.getReason());
		}
		return "jobs";
	}

	/** Names of all accounts; only one is not worth a choice. */
	private List<String> accounts() {
		return this.providers.accounts().stream().map((account) -> account.name().name()).distinct().sorted().toList();
	}

	@PostMapping("/page/requests/{requestId}/submit-again")
	ResponseEntity<Void> submitAgain(@PathVariable String requestId) {
		this.requests.submitAgain(requestId);
		return PageModel.show(PATH);
	}

	@PostMapping("/page/requests/{requestId}/attach")
	ResponseEntity<Void> attach(@PathVariable String requestId, @RequestParam(defaultValue = "") String jobId) {
		JobView attached = this.requests.attach(requestId, new AttachRequest(jobId.strip()));
		return PageModel.show(Texts.jobPath(attached.provider(), attached.jobId()));
	}

	@PostMapping("/page/requests/{requestId}/abandon")
	ResponseEntity<Void> abandon(@PathVariable String requestId) {
		this.requests.abandon(requestId);
		return PageModel.show(PATH);
	}

}
