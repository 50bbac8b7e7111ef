package io.vedette.page;

import io.vedette.api.BatchesApi;
import io.vedette.job.Batch;

import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** How far a batch is. */
@Lazy
@Controller
class BatchPage {

	private final BatchesApi batches;

	BatchPage(BatchesApi batches) {
		this.batches = batches;
	}

	@GetMapping("/page/batches/{id}")
	String show(@PathVariable String id, Model model) {
		BatchesApi.BatchView batch = this.batches.show(id);
		model.addAttribute("batch", batch);
		model.addAttribute("live", batch.state() != Batch.State.COMPLETED);
		return "batch";
	}

}
