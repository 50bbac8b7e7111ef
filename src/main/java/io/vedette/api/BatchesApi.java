package io.vedette.api;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vedette.intake.BatchName;
import io.vedette.job.Batch;
import io.vedette.job.BatchStore;
import jakarta.annotation.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** What the {@code /batches} part of the REST API answers. */
@RestController
@RequestMapping("/batches")
public class BatchesApi {

	private final BatchStore batches;

	BatchesApi(BatchStore batches) {
		this.batches = batches;
	}

	/**
	 * Shows how far a batch is.
	 * @param id as its jobs name it
	 */
	@GetMapping("/{id}")
	public BatchView show(@PathVariable String id) {
		return this.batches.find(id)
			.map(BatchView::of)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND,
					"batch: not known here. Name it in a job request, or percent-encode its id in the path."));
	}

	/**
	 * Says that a batch has all of its jobs: it takes no more, and is complete once all
	 * have ended. One that no job has named is empty, and complete at once.
	 * @param id as its jobs name it
	 */
	@PostMapping("/{id}/seal")
	public BatchView seal(@PathVariable String id) {
		String problem = BatchName.problem(id);
		if (problem != null) {
			throw Problems
				.badRequest("batch: %s; expected %s. Correct the path.".formatted(problem, BatchName.EXPECTED));
		}
		return BatchView.of(this.batches.seal(id));
	}

	/**
	 * A batch as the API shows it.
	 *
	 * @param size how many jobs it is to have, where somebody has said so
	 * @param total how many it has
	 * @param watching how many of them have not ended
	 * @param sealedAt since when it takes no job more
	 * @param completedAt when the last of its jobs had ended and it was sealed
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record BatchView(String batch, Batch.State state, @Nullable Long size, long total, long watching,
			long succeeded, long failed, long expired, Instant createdAt, @Nullable Instant sealedAt,
			@Nullable Instant completedAt) {

		private static BatchView of(Batch batch) {
			return new BatchView(batch.id(), batch.state(), batch.size(), batch.total(), batch.watching(),
					batch.succeeded(), batch.failed(), batch.expired(), batch.createdAt(), batch.sealedAt(),
					batch.completedAt());
		}

	}

}
