package io.vedette.delivery;

import java.io.IOException;
import java.util.Map;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.job.Job;
import io.vedette.trace.Span;
import io.vedette.trace.Span.Kind;
import io.vedette.trace.Traces;
import org.apache.camel.Exchange;

import org.springframework.stereotype.Component;

/**
 * What a trace shows of attempts to deliver. The first one of an event is a part of the
 * job's trace; those after it, hours later as may be, are traces of their own with a
 * link, as are replays. Addresses stand in none: they may bear keys.
 */
@Component
class AttemptSpans {

	/** The variable that holds the span of the attempt under way. */
	static final String SPAN = "span";

	/**
	 * OpenTelemetry's names of CloudEvents attributes.
	 * @see <a href="https://opentelemetry.io/docs/specs/semconv/cloudevents/">Semantic
	 * conventions for CloudEvents</a>
	 */
	private static final Map<String, String> ATTRIBUTES = Map.of("specversion", "cloudevents.event_spec_version",
			"type", "cloudevents.event_type", "source", "cloudevents.event_source", "subject",
			"cloudevents.event_subject", "id", "cloudevents.event_id");

	private final Traces traces;

	private final Targets targets;

	private final JsonMapper json;

	AttemptSpans(Traces traces, Targets targets, JsonMapper json) {
		this.traces = traces;
		this.targets = targets;
		this.json = json;
	}

	/** An attempt begins. */
	Span begin(Delivery delivery) {
		return begin("deliver " + delivery.target(), kind(delivery.target()), delivery);
	}

	/**
	 * A picture is being fetched for a target. Of its address the host alone is told: the
	 * rest is personal data.
	 */
	Span beginPicture(Delivery delivery) {
		Span span = begin("picture " + delivery.target(), Kind.CLIENT, delivery);
		return span.isSeen() ? span.set("server.address", PictureHosts.nameOf(delivery)) : span;
	}

	private Span begin(String name, Kind kind, Delivery delivery) {
		Span span = delivery.isFirstAttempt() ? this.traces.begin(name, kind, delivery.traceparent())
				: this.traces.again(name, kind, delivery.traceparent());
		if (span.isSeen()) {
			span.set("vedette.target", delivery.target()).set("vedette.attempt", delivery.attempts() + 1L);
			span.set(Job.LOG_KEY, delivery.hasJob() ? delivery.provider() + "/" + delivery.jobId() : null);
			describe(span, delivery.event().body());
		}
		return span;
	}

	private Kind kind(String target) {
		return switch (this.targets.kindOf(target)) {
			case Targets.FILES -> Kind.INTERNAL;
			case Targets.WEBHOOK -> Kind.CLIENT;
			default -> Kind.PRODUCER;
		};
	}

	/** An event's data comes last, and is not read. */
	private void describe(Span span, String event) {
		try (JsonParser parser = this.json.createParser(event)) {
			parser.nextToken();
			for (String name = parser.nextFieldName(); name != null
					&& !name.equals("data"); name = parser.nextFieldName()) {
				String attribute = ATTRIBUTES.get(name);
				if (parser.nextToken() == JsonToken.VALUE_STRING && attribute != null) {
					span.set(attribute, parser.getText());
				}
				parser.skipChildren();
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException("an event is no JSON", ex);
		}
	}

	/**
	 * An attempt has ended; one that found no gate open and no place has no span. A
	 * picture that can't be had has failed, though its event has arrived.
	 */
	static Attempt ended(Exchange exchange, Attempt attempt) {
		if (exchange.removeVariable(SPAN) instanceof Span span) {
			span.set("vedette.outcome", attempt.outcome().label());
			if (attempt.reason() != null) {
				span.fail(attempt.reason());
			}
			span.end();
		}
		return attempt;
	}

}
