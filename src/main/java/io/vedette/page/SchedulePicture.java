package io.vedette.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vedette.schedule.LearnedSchedule;

/**
 * The schedule of a provider as a picture: how many jobs finish at which age, as far as
 * that is learned, and the ages at which a job is asked for. Lengths are those of an SVG
 * of {@value #WIDTH} by {@value #HEIGHT}.
 *
 * @param bars how many finish
 * @param polls where a job is asked for
 * @param marks the ages below
 * @param description the same for who does not see it
 */
public record SchedulePicture(List<Bar> bars, List<Double> polls, List<Mark> marks, String description) {

	static final int WIDTH = 640;

	static final int HEIGHT = 160;

	/** Where age zero is, and the ground that bars stand on. */
	private static final int LEFT = 10;

	private static final int GROUND = 130;

	private static final int HIGHEST = 100;

	private static final int BARS = 50;

	/** So many jobs stand for all. */
	private static final int SAMPLES = 400;

	private static final int MARKS = 6;

	/** Seconds: jobs may be finished as soon as they are asked for. */
	private static final double SHORTEST = 1;

	/**
	 * Draws it.
	 * @param learned null as long as nothing is
	 * @param ages at which a job is asked for, in seconds
	 */
	static SchedulePicture of(LearnedSchedule learned, List<Double> ages) {
		double end = Math.max(SHORTEST, (learned != null) ? 1.15 * seconds(learned, 0.985)
				: ages.stream().limit(12).mapToDouble(Double::doubleValue).max().orElse(60));
		List<Double> asked = ages.stream().filter((age) -> age <= end).toList();
		return new SchedulePicture((learned != null) ? bars(learned, end) : List.of(),
				asked.stream().map((age) -> x(age, end)).toList(), marks(end), description(learned, asked));
	}

	private static double seconds(LearnedSchedule learned, double share) {
		return learned.quantile(share).toMillis() / 1000.0;
	}

	private static List<Bar> bars(LearnedSchedule learned, double end) {
		int[] counts = new int[BARS];
		for (int sample = 0; sample < SAMPLES; sample++) {
			int bar = (int) (seconds(learned, (sample + 0.5) / SAMPLES) / end * BARS);
			if (bar < BARS) {
				counts[bar]++;
			}
		}
		double most = IntStream.of(counts).max().orElse(1);
		List<Bar> bars = new ArrayList<>();
		for (int i = 0; i < BARS; i++) {
			double height = Math.round(counts[i] / most * HIGHEST);
			if (height > 0) {
				bars.add(new Bar(x(i, BARS), GROUND - height, (WIDTH - 2.0 * LEFT) / BARS - 1, height));
			}
		}
		return bars;
	}

	/** Round ages, evenly apart. */
	private static List<Mark> marks(double end) {
		double rough = end / MARKS;
		double power = Math.pow(10, Math.floor(Math.log10(rough)));
		double step = Stream.of(1, 2, 5, 10)
			.map((factor) -> factor * power)
			.filter((one) -> one >= rough)
			.findFirst()
			.orElse(rough);
		return IntStream.rangeClosed(0, (int) (end / step))
			.mapToDouble((number) -> number * step)
			.mapToObj((age) -> new Mark(x(age, end), String.format(Locale.ROOT, (step < 1) ? "%.1f s" : "%.0f s", age)))
			.toList();
	}

	private static double x(double age, double end) {
		return Math.round(10 * (LEFT + age / end * (WIDTH - 2 * LEFT))) / 10.0;
	}

	private static String description(LearnedSchedule learned, List<Double> ages) {
		String first = ages.stream()
			.limit(8)
			.map((age) -> String.format(Locale.ROOT, "%.1f s", age))
			.collect(Collectors.joining(", "));
		return ((learned != null)
				? String.format(Locale.ROOT, "Half of the jobs finish within %.1f s, 95 %% of them within %.1f s. ",
						seconds(learned, 0.5), seconds(learned, 0.95))
				: "Nothing is learned yet. ") + "A job is asked for at the ages " + first + ".";
	}

	/** A bar of the distribution. */
	public record Bar(double x, double y, double width, double height) {
	}

	/** A mark below. */
	public record Mark(double x, String text) {
	}

}
