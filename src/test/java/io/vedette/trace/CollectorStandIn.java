package io.vedette.trace;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.vedette.standin.Request;
import io.vedette.standin.WebhookStandIn;

/** A collector that takes OTLP by HTTP. */
final class CollectorStandIn implements AutoCloseable {

	private final WebhookStandIn server = new WebhookStandIn();

	String endpoint() {
		return this.server.baseUrl() + "/v1/traces";
	}

	WebhookStandIn server() {
		return this.server;
	}

	/** All spans so far, in the order of their ends. */
	List<Told> spans() {
		return this.server.requests().stream().flatMap(CollectorStandIn::spans).toList();
	}

	/** The spans of a trace. */
	List<Told> trace(String traceId) {
		return spans().stream().filter((span) -> span.traceId().equals(traceId)).toList();
	}

	private static Stream<Told> spans(Request request) {
		try {
			return ExportTraceServiceRequest.parseFrom(request.body())
				.getResourceSpansList()
				.stream()
				.flatMap((resource) -> resource.getScopeSpansList().stream())
				.flatMap((scope) -> scope.getSpansList().stream())
				.map(Told::of);
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.server.close();
	}

	/**
	 * A span as it was told.
	 *
	 * @param parentId empty where it is the first of its trace
	 * @param links ids of the spans that it is linked to
	 * @param events name and attributes of each
	 * @param error why it has failed, or null
	 * @param flags those of its traceparent
	 */
	record Told(String name, String kind, String traceId, String spanId, String parentId, List<String> links,
			Map<String, String> attributes, List<String> events, String error, int flags) {

		private static Told of(Span span) {
			return new Told(span.getName(), span.getKind().name().replace("SPAN_KIND_", ""), hex(span.getTraceId()),
					hex(span.getSpanId()), hex(span.getParentSpanId()),
					span.getLinksList().stream().map((link) -> hex(link.getSpanId())).toList(),
					attributes(span.getAttributesList()),
					span.getEventsList()
						.stream()
						.map((event) -> event.getName() + " " + attributes(event.getAttributesList()))
						.toList(),
					(span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR) ? span.getStatus().getMessage()
							: null,
					span.getFlags() & 0xff);
		}

		private static String hex(ByteString id) {
			return HexFormat.of().formatHex(id.toByteArray());
		}

		private static Map<String, String> attributes(List<KeyValue> attributes) {
			return attributes.stream()
				.collect(Collectors.toMap(KeyValue::getKey, (attribute) -> text(attribute.getValue())));
		}

		private static String text(AnyValue value) {
			return value.hasStringValue() ? value.getStringValue() : Long.toString(value.getIntValue());
		}

		String traceparent() {
			return "00-%s-%s-%02x".formatted(this.traceId, this.spanId, this.flags);
		}

		boolean isParentOf(Told other) {
			return this.spanId.equals(other.parentId);
		}

	}

}
