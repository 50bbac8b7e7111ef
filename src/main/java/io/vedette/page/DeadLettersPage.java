package io.vedette.page;

import java.util.List;
import java.util.stream.Stream;

import io.vedette.api.DeliveriesApi;
import io.vedette.api.DeliveriesApi.DeliveriesPage;
import io.vedette.api.OperationsApi;
import io.vedette.api.ReplayOrders;
import io.vedette.delivery.Event;
import io.vedette.delivery.Targets;
import io.vedette.operation.ReplayFilter;
import io.vedette.operation.Replays;
import io.vedette.provider.Providers;
import jakarta.servlet.http.HttpServletRequest;
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

/** What has not arrived, and its replay: some, or all that match. */
@Lazy
@Controller
class DeadLettersPage {

	private static final String PATH = "/page/dead-letters";

	private static final String LIMIT = "50";

	private static final int REPLAYS = 10;

	/** What a list is filtered by; a replay is by more. */
	private static final List<String> LISTED = List.of("target", "since", "until");

	private static final List<String> REPLAYED = List.of("target", "since", "until", "provider", "type");

	private final DeliveriesApi deliveries;

	private final ReplayOrders orders;

	private final OperationsApi operations;

	private final Replays replays;

	private final Targets targets;

	private final Providers providers;

	DeadLettersPage(DeliveriesApi deliveries, ReplayOrders orders, OperationsApi operations, Replays replays,
			Targets targets, Providers providers) {
		this.deliveries = deliveries;
		this.orders = orders;
		this.operations = operations;
		this.replays = replays;
		this.targets = targets;
		this.providers = providers;
	}

	@GetMapping(PATH)
	String list(@RequestParam(required = false) String after, @RequestParam(required = false) String count,
			@RequestParam(required = false) String replayed, HttpServletRequest request, HttpServletResponse response,
			Model model) {
		Query query = query(request, LISTED);
		Query all = query(request, REPLAYED);
		model.addAttribute("query", all);
		model.addAttribute("targets", this.targets.names());
		model.addAttribute("providers", this.providers.names());
		model.addAttribute("types", Event.TYPES);
		model.addAttribute("first", (after != null) ? query.at(PATH, null) : null);
		model.addAttribute("replays", this.replays.latest(REPLAYS));
		model.addAttribute("replayed", (replayed != null && replayed.matches("\\d{1,9}")) ? replayed : null);
		try {
			DeliveriesPage page = this.deliveries.list("dead", query.get("target"), query.get("since"),
					query.get("until"), LIMIT, after);
			model.addAttribute("deliveries", page.deliveries());
			model.addAttribute("next", (page.next() != null) ? query.at(PATH, page.next()) : null);
			if (count != null) {
				model.addAttribute("matching", this.orders.count(filter(all)));
			}
		}
		catch (ResponseStatusException ex) {
			response.setStatus(ex.getStatusCode().value());
			model.addAttribute("problem", ex.getReason());
		}
		return "dead-letters";
	}

	private static Query query(HttpServletRequest request, List<String> names) {
		Query query = new Query();
		names.forEach((name) -> query.with(name, request.getParameter(name)));
		return query;
	}

	private ReplayFilter filter(Query query) {
		return this.orders.filter(null, query.get("target"), query.get("provider"), query.get("type"),
				query.get("since"), query.get("until"));
	}

	/** Those that are chosen, at once. */
	@PostMapping(PATH + "/replay")
	ResponseEntity<Void> replayChosen(@RequestParam(required = false) String[] ids) {
		List<Long> chosen = Stream.of((ids != null) ? ids : new String[0])
			.filter((id) -> id.matches("\\d{1,18}"))
			.map(Long::valueOf)
			.toList();
		return PageModel.show(PATH + "?replayed=" + this.orders.named(chosen));
	}

	/** All that match, in the background. */
	@PostMapping(PATH + "/replay-all")
	ResponseEntity<Void> replayAll(@RequestParam(defaultValue = "") String rate, HttpServletRequest request) {
		return show(this.orders.begin(filter(query(request, REPLAYED)),
				this.orders.rate(rate.isBlank() ? null : rate.strip())));
	}

	@GetMapping("/page/replays/{id}")
	String replay(@PathVariable String id, Model model) {
		model.addAttribute("replay", this.operations.replay(id));
		return "replay";
	}

	@PostMapping("/page/replays/{id}/pause")
	ResponseEntity<Void> pause(@PathVariable String id) {
		return show(this.operations.pauseReplay(id));
	}

	@PostMapping("/page/replays/{id}/resume")
	ResponseEntity<Void> resume(@PathVariable String id) {
		return show(this.operations.resumeReplay(id));
	}

	@PostMapping("/page/replays/{id}/stop")
	ResponseEntity<Void> stop(@PathVariable String id) {
		return show(this.operations.stopReplay(id));
	}

	private static ResponseEntity<Void> show(Replays.Replay replay) {
		return PageModel.show("/page/replays/" + replay.id());
	}

}
