package io.vedette.provider;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The jobs in a line as they were at a moment, in the order in which they are asked for:
 * those of a caller by what their polls are worth, those of different callers in turn.
 */
final class LineOrder {

	private final Map<Caller, double[]> worths = new HashMap<>();

	private final double[] moments;

	private final double[] sent;

	private final int size;

	/**
	 * Puts jobs in order.
	 * @param worths what the polls of each caller's jobs are worth
	 * @param turns which has a turn for each of the callers
	 */
	LineOrder(Map<Caller, List<Double>> worths, Turns turns) {
		worths.forEach((caller, all) -> this.worths.put(caller,
				all.stream().mapToDouble(Double::doubleValue).sorted().toArray()));
		this.size = worths.values().stream().mapToInt(List::size).sum();
		double[][] slopes = worths.entrySet().stream().flatMap((entry) -> {
			int priority = entry.getKey().priority();
			double begin = turns.at(entry.getKey());
			double end = begin + (double) entry.getValue().size() / priority;
			return List.of(new double[] { begin, priority }, new double[] { end, -priority }).stream();
		}).sorted((one, other) -> Double.compare(one[0], other[0])).toArray(double[][]::new);
		this.moments = new double[slopes.length];
		this.sent = new double[slopes.length];
		double rate = 0;
		for (int i = 0; i < slopes.length; i++) {
			this.moments[i] = slopes[i][0];
			this.sent[i] = (i > 0) ? this.sent[i - 1] + rate * (this.moments[i] - this.moments[i - 1]) : 0;
			rate += slopes[i][1];
		}
	}

	int size() {
		return this.size;
	}

	/**
	 * About how many jobs go before one.
	 * @param at the turn of its caller
	 */
	int before(Caller caller, double worth, double at) {
		double[] own = this.worths.getOrDefault(caller, new double[0]);
		int found = Arrays.binarySearch(own, worth);
		int better = own.length - ((found < 0) ? -found - 1 : found + 1);
		return (own.length == this.size) ? better : (int) Math.round(sentBy(at + (double) better / caller.priority()));
	}

	/** How many polls have been sent when virtual time has come to a moment. */
	private double sentBy(double moment) {
		int found = Arrays.binarySearch(this.moments, moment);
		int next = (found < 0) ? -found - 1 : found;
		if (next == 0 || next == this.moments.length) {
			return (next == 0) ? 0 : this.size;
		}
		double part = (moment - this.moments[next - 1]) / (this.moments[next] - this.moments[next - 1]);
		return this.sent[next - 1] + part * (this.sent[next] - this.sent[next - 1]);
	}

}
