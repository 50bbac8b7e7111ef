package io.vedette.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How two things that were measured in turn compare. */
final class Ratios {

	private final List<Double> ratios = new ArrayList<>();

	private final String what;

	/**
	 * @param what one and the other: {@code "files: Vedette, bare client"}
	 */
	Ratios(String what) {
		this.what = what;
	}

	/** Adds the times of one round; prints them, for whoever watches. */
	void add(long one, long other) {
		this.ratios.add((double) one / other);
		System.out.printf(Locale.ROOT, "  %s: %,d, %,d%n", this.what, one, other);
	}

	double median() {
		return this.ratios.stream().sorted().toList().get(this.ratios.size() / 2);
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%-60s %6.2f  %s", this.what, median(),
				this.ratios.stream().map((ratio) -> String.format(Locale.ROOT, "%.2f", ratio)).toList());
	}

}
