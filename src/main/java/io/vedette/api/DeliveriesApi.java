package io.vedette.api;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.delivery.DeliveryStatus;
import io.vedette.delivery.DeliveryStore;
import io.vedette.delivery.DeliveryStore.DeliveryRow;
import io.vedette.delivery.DeliveryStore.TimeRange;
import io.vedette.delivery.Targets;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the {@code /deliveries} part of the REST API reads and answers. */
@RestController
@RequestMapping("/deliveries")
class DeliveriesApi {

	private static final List<String> KEYS = List.of("target", "since", "until", "ids");

	private final DeliveryStore deliveries;

	private final Targets targets;

	private final JsonMapper json;

	DeliveriesApi(DeliveryStore deliveries, Targets targets, JsonMapper json) {
		this.deliveries = deliveries;
		this.targets = targets;
		this.json = json;
	}

	/** Lists deliveries, newest first. */
	@GetMapping
	DeliveriesPage list(@RequestParam(required = false) String status, @RequestParam(required = false) String target,
			@RequestParam(required = false) String since, @RequestParam(required = false) String until,
			@RequestParam(required = false) String limit, @RequestParam(required = false) String after) {
		Page page = Page.of(limit, after);
		List<DeliveryRow> rows = this.deliveries.list(Page.choice("status", status, DeliveryStatus.values()), target,
				new TimeRange(moment("since", since), moment("until", until)), page.after(), page.limit());
		return new DeliveriesPage(rows, page.next(rows.stream().map(DeliveryRow::id).toList()));
	}

	/**
	 * Makes dead deliveries due again: {@code {"target": "crm", "since":
	 * "2026-05-27T12:00:00Z", "until": "2026-05-27T13:00:00Z"}}, all optional, or
	 * {@code {"ids": [1, 2]}}.
	 */
	@PostMapping("/replay")
	Replayed replay(@RequestBody(required = false) byte[] body) throws IOException {
		JsonNode request = parse(body);
		boolean named = request.has("ids");
		List<String> keys = new ArrayList<>();
		request.fieldNames().forEachRemaining(keys::add);
		KnownNames.check(named ? "key beside ids" : "key", keys, named ? List.of("ids") : KEYS);
		int replayed = named ? this.deliveries.replay(ids(request.get("ids")))
				: this.deliveries.replay(target(request.path("target")), new TimeRange(
						moment("since", text(request.path("since"))), moment("until", text(request.path("until")))));
		this.targets.probe();
		return new Replayed(replayed);
	}

	private JsonNode parse(byte[] body) throws IOException {
		try {
			JsonNode request = (body != null) ? this.json.readTree(body) : null;
			if (request != null && request.isObject()) {
				return request;
			}
		}
		catch (JsonProcessingException ex) {
			// Said below, as for any other body that is no object.
		}
		throw Problems
			.badRequest("body: no JSON object; expected {\"target\":\"...\",\"since\":\"...\"} or {\"ids\":[...]}.");
	}

	private List<Long> ids(JsonNode node) {
		if (!node.isArray() || node.isEmpty() || node.size() > 1000) {
			throw Problems.badRequest("ids: expected an array of 1 to 1000 ids, as GET /deliveries shows them.");
		}
		return StreamSupport.stream(node.spliterator(), false).map((id) -> {
			if (!id.isIntegralNumber() || !id.canConvertToLong()) {
				throw Problems.badRequest("ids: no whole number; expected ids as GET /deliveries shows them.");
			}
			return id.longValue();
		}).toList();
	}

	private String target(JsonNode node) {
		if (node.isMissingNode() || node.isNull()) {
			return null;
		}
		if (!this.targets.names().contains(node.asText())) {
			throw Problems.badRequest("target: not configured; expected one of %s.".formatted(this.targets.names()));
		}
		return node.asText();
	}

	private static String text(JsonNode node) {
		return (node.isMissingNode() || node.isNull()) ? null : node.asText();
	}

	private static Instant moment(String name, String text) {
		try {
			return (text != null) ? Instant.parse(text) : null;
		}
		catch (DateTimeException ex) {
			throw Problems.badRequest("%s: no moment; expected ISO 8601 such as 2026-05-27T12:00:00Z.".formatted(name));
		}
	}

	/**
	 * One page of deliveries.
	 *
	 * @param next {@code after} of the next page, or null
	 */
	record DeliveriesPage(List<DeliveryRow> deliveries, String next) {
	}

	/** How many deliveries were made due again. */
	record Replayed(int replayed) {
	}

}
