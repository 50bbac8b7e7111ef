package io.vedette.page;

import io.vedette.api.OperationsApi;
import io.vedette.api.OperationsApi.AuditPage;
import io.vedette.intake.RejectedFiles;

import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What is written down: who has ordered what, and what could not be taken. */
@Lazy
@Controller
class RecordsPage {

	private static final String AUDIT = "/page/audit";

	private static final String REJECTED = "/page/rejected";

	private static final String LIMIT = "50";

	private static final int FILES = 25;

	private final OperationsApi operations;

	private final RejectedFiles rejected;

	RecordsPage(OperationsApi operations, RejectedFiles rejected) {
		this.operations = operations;
		this.rejected = rejected;
	}

	@GetMapping(AUDIT)
	String audit(@RequestParam(required = false) String after, Model model) {
		AuditPage page = this.operations.audit(LIMIT, after);
		model.addAttribute("entries", page.audit());
		model.addAttribute("first", (after != null) ? AUDIT : null);
		model.addAttribute("next", (page.next() != null) ? AUDIT + "?after=" + page.next() : null);
		return "audit";
	}

	@GetMapping(REJECTED)
	String rejected(@RequestParam(defaultValue = "0") String from, Model model) {
		int first = from.matches("\\d{1,5}") ? Integer.parseInt(from) : 0;
		RejectedFiles.Page page = this.rejected.list(first, FILES);
		model.addAttribute("page", page);
		model.addAttribute("first", (first > 0) ? REJECTED : null);
		model.addAttribute("next", page.more() ? REJECTED + "?from=" + (first + FILES) : null);
		return "rejected";
	}

}
