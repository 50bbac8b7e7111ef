package io.vedette.page;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.vedette.api.JobsApi;
import io.vedette.api.JobsApi.DeliveryView;
import io.vedette.api.JobsApi.FaceView;
import io.vedette.api.JobsApi.JobView;
import io.vedette.api.Registration;
import io.vedette.api.ReplayOrders;
import io.vedette.delivery.DeliveryStatus;
import io.vedette.delivery.DeliveryStore;
import io.vedette.delivery.SavedPictures;
import io.vedette.job.Job;
import io.vedette.job.JobStatus;
import io.vedette.job.JobStore;
import io.vedette.job.JobStore.JobRow;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.context.annotation.Lazy;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.util.UriUtils;

/** One job: its way, its faces, and what can be done about it. */
@Lazy
@Controller
@RequestMapping("/page/jobs/{provider}/{jobId}")
class JobPage {

	/** Faces that are shown at a time. */
	private static final int FACES = 48;

	/** Deliveries that are shown: first those that are not where they should be. */
	private static final int DELIVERIES = 100;

	private final JobsApi api;

	private final Registration registration;

	private final ReplayOrders orders;

	private final JobStore jobs;

	private final DeliveryStore store;

	private final SavedPictures pictures;

	JobPage(JobsApi api, Registration registration, ReplayOrders orders, JobStore jobs, DeliveryStore store,
			SavedPictures pictures) {
		this.api = api;
		this.registration = registration;
		this.orders = orders;
		this.jobs = jobs;
		this.store = store;
		this.pictures = pictures;
	}

	@GetMapping
	String show(@PathVariable String provider, @PathVariable String jobId,
			@RequestParam(defaultValue = "0") String from, Model model) {
		JobView view = this.api.of(provider, jobId);
		int first = from.matches("\\d{1,6}") ? Integer.parseInt(from) : 0;
		String path = Texts.jobPath(provider, jobId);
		model.addAttribute("job", view);
		model.addAttribute("path", path);
		model.addAttribute("faces", faces(view, first));
		model.addAttribute("more", (first + FACES < view.faces().size()) ? path + "?from=" + (first + FACES) : null);
		model.addAttribute("before", (first > 0) ? path + "?from=" + Math.max(0, first - FACES) : null);
		model.addAttribute("jobEvents", jobEvents(view));
		model.addAttribute("deliveries", shown(view.deliveries()));
		model.addAttribute("counts", counts(view.deliveries()));
		model.addAttribute("replayable", replayable(view).size());
		model.addAttribute("live", isLive(view));
		return "job";
	}

	/** Whether anything of it may still change by itself. */
	private static boolean isLive(JobView view) {
		return view.status() == JobStatus.WATCHING
				|| view.deliveries().stream().anyMatch((one) -> one.status() == DeliveryStatus.PENDING);
	}

	private List<FaceCard> faces(JobView view, int first) {
		if (view.faces().isEmpty()) {
			return List.of();
		}
		Job job = job(view.provider(), view.jobId());
		List<String> events = this.store.facesOf(job);
		return IntStream.range(first, Math.min(first + FACES, Math.min(events.size(), view.faces().size())))
			.mapToObj((index) -> face(job, view.faces().get(index), events.get(index)))
			.toList();
	}

	private FaceCard face(Job job, FaceView face, String event) {
		String picture = this.pictures.find(job, face.faceId()).isPresent() ? Texts.jobPath(job.provider(), job.jobId())
				+ "/picture?face=" + UriUtils.encode(face.faceId(), StandardCharsets.UTF_8) : null;
		return new FaceCard(face, picture, event);
	}

	private List<String> jobEvents(JobView view) {
		return (view.status() == JobStatus.WATCHING) ? List.of()
				: this.store.endsOf(job(view.provider(), view.jobId()));
	}

	private static List<DeliveryView> shown(List<DeliveryView> all) {
		Comparator<DeliveryView> late = Comparator
			.comparing((one) -> (one.status() == DeliveryStatus.DELIVERED) ? 1 : 0);
		return all.stream().sorted(late).limit(DELIVERIES).toList();
	}

	/** How many there are, by target and status. */
	private static Map<String, Map<DeliveryStatus, Long>> counts(List<DeliveryView> all) {
		return all.stream()
			.collect(Collectors.groupingBy(DeliveryView::target, TreeMap::new,
					Collectors.groupingBy(DeliveryView::status, TreeMap::new, Collectors.counting())));
	}

	/** Those that are dead, or have arrived without their picture. */
	private static List<Long> replayable(JobView view) {
		return view.deliveries()
			.stream()
			.filter((one) -> one.status() == DeliveryStatus.DEAD
					|| one.status() == DeliveryStatus.DELIVERED && one.reason() != null)
			.map(DeliveryView::id)
			.limit(ReplayOrders.MOST)
			.toList();
	}

	/**
	 * A picture as a files target has saved it. Whatever is in it can't act: it is a
	 * picture to the browser, in a sandbox of its own.
	 */
	@GetMapping("/picture")
	void picture(@PathVariable String provider, @PathVariable String jobId, @RequestParam String face,
			HttpServletResponse response) throws IOException {
		SavedPictures.Picture picture = this.pictures.find(job(provider, jobId), face)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND,
					"picture: none that a browser shows was saved for this face; expected PNG, JPEG, GIF or WebP."));
		try (InputStream content = Files.newInputStream(picture.file())) {
			response.setContentType(picture.type());
			response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
			response.setContentLengthLong(Files.size(picture.file()));
			content.transferTo(response.getOutputStream());
		}
	}

	private Job job(String provider, String jobId) {
		return this.jobs.find(provider, jobId)
			.map(JobRow::job)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "job: not known here."));
	}

	@PostMapping("/forget")
	ResponseEntity<Void> forget(@PathVariable String provider, @PathVariable String jobId) {
		this.api.forget(provider, jobId);
		return PageModel.show("/page/jobs");
	}

	/** Hands it in again as it was handed in first. */
	@PostMapping("/watch-again")
	ResponseEntity<Void> watchAgain(@PathVariable String provider, @PathVariable String jobId) {
		this.registration.again(job(provider, jobId));
		return PageModel.show(Texts.jobPath(provider, jobId));
	}

	/** Has what is dead or incomplete delivered again. */
	@PostMapping("/replay")
	ResponseEntity<Void> replay(@PathVariable String provider, @PathVariable String jobId) {
		List<Long> ids = replayable(this.api.of(provider, jobId));
		if (!ids.isEmpty()) {
			this.orders.named(ids);
		}
		return PageModel.show(Texts.jobPath(provider, jobId));
	}

	/**
	 * A face in the gallery.
	 *
	 * @param picture where its picture is, or null where a browser has none to show
	 * @param event as targets get it
	 */
	public record FaceCard(FaceView face, String picture, String event) {
	}

}
