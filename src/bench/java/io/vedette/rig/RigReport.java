package io.vedette.rig;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a run ended.
 *
 * @param counts what was done, and how often
 * @param batches how many were completed
 * @param problems promises that were broken besides what the table shows
 */
record RigReport(RigOptions options, int jobs, int faces, long seconds, Map<String, Integer> counts,
		List<Tally> tallies, Submitted submitted, int batches, List<String> problems) {

	private static final int MOST_EXAMPLES = 20;

	/**
	 * Whether nothing is lost, nothing is there that should not be, and nodes behaved.
	 */
	boolean isSound() {
		return this.problems.isEmpty() && this.submitted.isSound() && this.tallies.stream().allMatch(Tally::isSound);
	}

	@Override
	public String toString() {
		return Stream
			.of(Stream.of("", this.options.command(), head(), counted(), "",
					"target       expected   received       lost duplicated unexpected"),
					this.tallies.stream().map(RigReport::line),
					Stream.of("", this.submitted.toString(), completed(), ""),
					this.tallies.stream().flatMap(RigReport::examples), this.submitted.examples().limit(MOST_EXAMPLES),
					this.problems.stream().limit(MOST_EXAMPLES).map("problem: "::concat),
					Stream.of(isSound() ? "Nothing lost." : "NOT SOUND."))
			.flatMap((lines) -> lines)
			.collect(Collectors.joining("\n"));
	}

	private String head() {
		return "%s, %d node(s), seed %d: %,d jobs, %,d faces, %d s".formatted(this.options.database(),
				this.options.nodes(), this.options.seed(), this.jobs, this.faces, this.seconds);
	}

	private String completed() {
		return "batches: %,d completed, each once".formatted(this.batches);
	}

	private String counted() {
		return this.counts.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + " " + entry.getValue())
			.collect(Collectors.joining(", "));
	}

	private static String line(Tally tally) {
		return "%-10s %,10d %,10d %,10d %,10d %,10d".formatted(tally.target(), tally.expected(), tally.received(),
				tally.lost().size(), tally.duplicated(), tally.unexpected().size());
	}

	private static Stream<String> examples(Tally tally) {
		return Stream.concat(examples("lost", tally, tally.lost()), examples("unexpected", tally, tally.unexpected()));
	}

	private static Stream<String> examples(String what, Tally tally, Set<String> names) {
		return names.stream().limit(MOST_EXAMPLES).map((name) -> "%s %s: %s".formatted(tally.target(), what, name));
	}

}
