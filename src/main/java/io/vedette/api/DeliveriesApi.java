package io.vedette.api;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vedette.delivery.DeliveryStore;
import io.vedette.delivery.DeliveryStore.DeliveryRow;
import io.vedette.delivery.DeliveryStore.TimeRange;
import io.vedette.delivery.Targets;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;

import org.springframework.stereotype.Component;

/** What the {@code /deliveries} part of the REST API reads and answers. */
@Component("deliveriesApi")
public class DeliveriesApi {

	private final DeliveryStore deliveries;

	private final Targets targets;

	private final ObjectMapper json;

	DeliveriesApi(DeliveryStore deliveries, Targets targets, ObjectMapper json) {
		this.deliveries = deliveries;
		this.targets = targets;
		this.json = json;
	}

	/** Lists deliveries, newest first: {@code {"deliveries": [...], "next": "..."}}. */
	public void list(@Header("status") String status, @Header("target") String target, @Header("since") String since,
			@Header("until") String until, @Header("limit") String limit, @Header("after") String after,
			Message message) {
		Page page = Page.of(limit, after);
		List<DeliveryRow> rows = this.deliveries.list(
				Page.choice("status", status, List.of("PENDING", "DELIVERED", "DEAD")), target,
				new TimeRange(moment("since", since), moment("until", until)), page.after(), page.limit());
		ObjectNode answer = this.json.createObjectNode();
		answer.set("deliveries", this.json.valueToTree(rows));
		answer.put("next", page.next(rows.stream().map(DeliveryRow::id).toList()));
		answer(message, answer);
	}

	/**
	 * Makes dead deliveries due again: {@code {"target": "crm", "since":
	 * "2026-05-27T12:00:00Z", "until": "2026-05-27T13:00:00Z"}}, all optional, or
	 * {@code {"ids": [1, 2]}}. Answers {@code {"replayed": 2}}.
	 */
	public void replay(@Body byte[] body, Message message) throws IOException {
		JsonNode request = parse(body);
		int replayed = request.has("ids") ? this.deliveries.replay(ids(request.get("ids")))
				: this.deliveries.replay(target(request.path("target")), new TimeRange(
						moment("since", text(request.path("since"))), moment("until", text(request.path("until")))));
		this.targets.probe();
		answer(message, this.json.createObjectNode().put("replayed", replayed));
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

	private void answer(Message message, JsonNode body) {
		message.setHeader(Exchange.CONTENT_TYPE, "application/json");
		message.setBody(body.toString());
	}

}
