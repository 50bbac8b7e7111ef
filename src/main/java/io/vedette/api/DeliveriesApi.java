package io.vedette.api;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.vedette.delivery.DeliveryPage.Cursor;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.vedette.delivery.DeliveryStatus;
import io.vedette.delivery.DeliveryStore;
import io.vedette.delivery.DeliveryStore.DeliveryRow;
import io.vedette.delivery.DeliveryStore.TimeRange;
import io.vedette.operation.ReplayFilter;
import io.vedette.operation.Replays.Replay;
import jakarta.annotation.Nullable;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the {@code /deliveries} part of the REST API reads and answers. */
@RestController
@RequestMapping("/deliveries")
public class DeliveriesApi {

	private static final List<String> KEYS = List.of("target", "since", "until", "ids", "status", "provider", "type",
			"dryRun", "rate");

	/** What has a replay run in the background. */
	private static final Set<String> BACKGROUND = Set.of("status", "provider", "type", "rate");

	private final DeliveryStore deliveries;

	private final ReplayOrders orders;

	private final JsonMapper json;

	DeliveriesApi(DeliveryStore deliveries, ReplayOrders orders, JsonMapper json) {
		this.deliveries = deliveries;
		this.orders = orders;
		this.json = json;
	}

	/**
	 * Lists deliveries, newest first; with since or until, the last settled first.
	 * @param status only those of this status, in upper or lower case
	 * @param target only those to this target
	 */
	@GetMapping
	public DeliveriesPage list(@RequestParam(required = false) String status,
			@RequestParam(required = false) String target, @RequestParam(required = false) String since,
			@RequestParam(required = false) String until, @RequestParam(required = false) String limit,
			@RequestParam(required = false) String after) {
		TimeRange settled = new TimeRange(Page.moment("since", since), Page.moment("until", until));
		ListCursor cursor = new ListCursor(!settled.isOpen());
		Cursor behind = Optional.ofNullable(cursor.read(after))
			.map((place) -> new Cursor(place.moment(), place.id()))
			.orElse(null);
		int most = Page.of(limit, null).limit();
		DeliveryStatus only = Optional.ofNullable(Page.choice("status", status, DeliveryStatus.values()))
			.map(DeliveryStatus::valueOf)
			.orElse(null);
		List<DeliveryRow> rows = this.deliveries.list(only, target, settled, behind, most);
		return new DeliveriesPage(rows, (rows.size() == most) ? cursor.write(place(rows.get(most - 1))) : null);
	}

	private static ListCursor.Place place(DeliveryRow row) {
		return new ListCursor.Place(row.settledAt(), row.id());
	}

	/**
	 * Makes deliveries due again: those with these ids, or those that match all that is
	 * said. With no more than ids, target, since and until it is done at once, and a face
	 * that was delivered without its picture gets that; with more it runs in the
	 * background. GET /replays/{id} shows how far it has come; of one that is done at
	 * once too, unless it names ids.
	 */
	@PostMapping("/replay")
	@io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
			content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE,
					schema = @Schema(implementation = ReplayRequest.class)))
	@ApiResponse(responseCode = "200", description = "It is done, or with dryRun how many match.",
			content = @Content(schema = @Schema(anyOf = { Replayed.class, Matching.class })))
	@ApiResponse(responseCode = "202", description = "It runs in the background.",
			content = @Content(schema = @Schema(implementation = Begun.class)))
	public ResponseEntity<?> replay(@RequestBody(required = false) byte[] body) throws IOException {
		JsonNode request = parse(body);
		boolean named = request.has("ids");
		List<String> keys = new ArrayList<>();
		request.fieldNames().forEachRemaining(keys::add);
		KnownNames.check(named ? "key beside ids" : "key", keys, named ? List.of("ids") : KEYS);
		if (named) {
			int count = this.orders.named(ids(request.get("ids")));
			return ResponseEntity.ok(new Replayed(null, count, count));
		}
		ReplayFilter filter = this.orders.filter(text(request, "status"), text(request, "target"),
				text(request, "provider"), text(request, "type"), text(request, "since"), text(request, "until"));
		boolean atOnce = keys.stream().noneMatch(BACKGROUND::contains);
		if (isDryRun(request.path("dryRun"))) {
			return ResponseEntity
				.ok(new Matching(atOnce ? this.orders.countAtOnce(filter) : this.orders.count(filter)));
		}
		return atOnce ? atOnce(filter) : begin(filter, request);
	}

	private ResponseEntity<?> atOnce(ReplayFilter filter) {
		Replay replay = this.orders.atOnce(filter);
		return ResponseEntity.ok(new Replayed(replay.id(), replay.matching(), (int) replay.replayed()));
	}

	private ResponseEntity<?> begin(ReplayFilter filter, JsonNode request) {
		JsonNode rate = request.path("rate");
		Replay replay = this.orders.begin(filter, this.orders.rate(rate.isMissingNode() ? null : rate.asText()));
		return ResponseEntity.accepted()
			.location(URI.create("/replays/" + replay.id()))
			.body(new Begun(replay.id(), replay.matching()));
	}

	private static boolean isDryRun(JsonNode node) {
		if (!node.isMissingNode() && !node.isBoolean()) {
			throw Problems.badRequest("dryRun: expected true or false.");
		}
		return node.asBoolean();
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

	private static List<Long> ids(JsonNode node) {
		if (!node.isArray()) {
			// Said as for one that is empty.
			return List.of();
		}
		return StreamSupport.stream(node.spliterator(), false).map((id) -> {
			if (!id.isIntegralNumber() || !id.canConvertToLong()) {
				throw Problems.badRequest("ids: no whole number; expected ids as GET /deliveries shows them.");
			}
			return id.longValue();
		}).toList();
	}

	private static String text(JsonNode request, String name) {
		return request.hasNonNull(name) ? request.get(name).asText() : null;
	}

	/**
	 * One page of deliveries.
	 *
	 * @param next the after of the next page, or null
	 */
	public record DeliveriesPage(List<DeliveryRow> deliveries, @Nullable String next) {
	}

	/**
	 * Which deliveries are sent again: those with these ids, or those that match all that
	 * is said.
	 *
	 * @param status DEAD, or DELIVERED, in upper or lower case
	 * @param provider only those of its jobs
	 * @param type only those of events of this type
	 * @param since only those settled from this moment on
	 * @param until only those settled before this moment
	 * @param dryRun only counts
	 * @param rate how many in which time, as in 50/1s, in the background
	 */
	record ReplayRequest(@Nullable List<Long> ids, @Nullable String status, @Nullable String target,
			@Nullable String provider, @Nullable String type, @Nullable Instant since, @Nullable Instant until,
			@Nullable Boolean dryRun, @Nullable String rate) {
	}

	/** How many deliveries would be sent again. */
	record Matching(long matching) {
	}

	/**
	 * A replay that runs in the background.
	 *
	 * @param matching how many deliveries match
	 */
	record Begun(long id, long matching) {
	}

	/**
	 * A replay that was done at once.
	 *
	 * @param id as GET /replays/{id} takes it; absent where the request names ids
	 * @param matching how many deliveries matched
	 * @param replayed how many were made due again: all of them
	 */
	record Replayed(@JsonInclude(JsonInclude.Include.NON_NULL) Long id, long matching, int replayed) {
	}

}
