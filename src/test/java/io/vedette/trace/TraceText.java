package io.vedette.trace;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vedette.trace.CollectorStandIn.Told;

/**
 * Spans as a person reads them: children below the one that they are a part of, then
 * traces that are linked to it.
 *
 * @param own those of one job
 * @param all those that the collector has, the call among them in which the job came in
 */
record TraceText(List<Told> own, List<Told> all) {

	private static final Comparator<Told> ORDER = Comparator
		.<Told>comparingInt((span) -> span.name().startsWith("picture") ? 2 : span.name().startsWith("deliver") ? 1 : 0)
		.thenComparing((span) -> span.name().startsWith("settle"))
		.thenComparing(Told::name)
		.thenComparing((span) -> span.attributes().getOrDefault("cloudevents.event_type", ""))
		.thenComparing((span) -> span.attributes().getOrDefault("vedette.attempt", ""));

	@Override
	public String toString() {
		Set<String> ids = this.own.stream().map(Told::parentId).collect(Collectors.toSet());
		Told call = this.all.stream().filter((span) -> ids.contains(span.spanId())).findFirst().orElseThrow();
		return Stream
			.concat(Stream.concat(Stream.of(line("", call)),
					lines("  ", (span) -> span.parentId().equals(call.spanId()))),
					lines("", (span) -> span.links().contains(call.spanId())))
			.collect(Collectors.joining("\n"));
	}

	private Stream<String> lines(String indent, Predicate<Told> which) {
		return this.own.stream().filter(which).sorted(ORDER).map((span) -> line(indent, span));
	}

	private static String line(String indent, Told span) {
		return "%-18s%-9s %s".formatted(indent + span.name(), span.kind(), facts(span)).stripTrailing();
	}

	private static String facts(Told span) {
		Map<String, String> said = span.attributes();
		return Stream
			.of(said.get("status"), said.get("cloudevents.event_id"), attempt(said), polls(span),
					said.get("vedette.outcome"), span.error(), span.links().isEmpty() ? null : "linked")
			.filter((fact) -> fact != null && !fact.isEmpty())
			.collect(Collectors.joining(", "));
	}

	private static String attempt(Map<String, String> said) {
		return said.containsKey("vedette.attempt") ? "attempt " + said.get("vedette.attempt") : null;
	}

	private static String polls(Told span) {
		return span.events()
			.stream()
			.distinct()
			.map((event) -> event.replaceAll("\\{.*=|}", ""))
			.collect(Collectors.joining(", "));
	}

}
