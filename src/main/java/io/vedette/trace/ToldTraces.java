package io.vedette.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;

/** Spans of OpenTelemetry. */
final class ToldTraces implements Traces {

	private static final int SPAN_ID = 36;

	private static final int FLAGS = 53;

	private final Tracer tracer;

	ToldTraces(Tracer tracer) {
		this.tracer = tracer;
	}

	@Override
	public Span begin(String name, Span.Kind kind, String traceparent) {
		return new ToldSpan(in(builder(name, kind), context(traceparent)).startSpan());
	}

	@Override
	public Span again(String name, Span.Kind kind, String traceparent) {
		SpanContext before = context(traceparent);
		if (before.isValid() && !before.isSampled()) {
			return begin(name, kind, traceparent);
		}
		return new ToldSpan(builder(name, kind).setNoParent().addLink(before).startSpan());
	}

	@Override
	public Span enter(String name, String traceparent) {
		SpanContext call = io.opentelemetry.api.trace.Span.current().getSpanContext();
		return call.isValid() ? UntoldSpan.of(text(call)) : begin(name, Span.Kind.CONSUMER, traceparent);
	}

	private SpanBuilder builder(String name, Span.Kind kind) {
		return this.tracer.spanBuilder(name).setSpanKind(SpanKind.valueOf(kind.name()));
	}

	private static SpanBuilder in(SpanBuilder builder, SpanContext parent) {
		return builder.setParent(Context.root().with(io.opentelemetry.api.trace.Span.wrap(parent)));
	}

	private static SpanContext context(String traceparent) {
		return (traceparent == null) ? SpanContext.getInvalid()
				: SpanContext.createFromRemoteParent(traceparent.substring(3, SPAN_ID - 1),
						traceparent.substring(SPAN_ID, FLAGS - 1), TraceFlags.fromHex(traceparent, FLAGS),
						TraceState.getDefault());
	}

	private static String text(SpanContext context) {
		return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-" + context.getTraceFlags().asHex();
	}

	/** A span of OpenTelemetry; where it is not sampled, nobody hears of it either. */
	private record ToldSpan(io.opentelemetry.api.trace.Span span) implements Span {

		@Override
		public String traceparent() {
			return text(this.span.getSpanContext());
		}

		@Override
		public boolean isSeen() {
			return this.span.isRecording();
		}

		@Override
		public Span set(String name, String value) {
			if (value != null) {
				this.span.setAttribute(name, value);
			}
			return this;
		}

		@Override
		public Span set(String name, long value) {
			this.span.setAttribute(name, value);
			return this;
		}

		@Override
		public void happened(String event, String name, String value) {
			if (isSeen()) {
				this.span.addEvent(event, Attributes.of(AttributeKey.stringKey(name), value));
			}
		}

		@Override
		public void fail(String reason) {
			this.span.setStatus(StatusCode.ERROR, (reason != null) ? reason : "");
		}

		@Override
		public void end() {
			this.span.end();
		}

	}

}
