package io.vedette.schedule.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * The least polls that any schedule needs for a mean lag, if the distribution is known:
 * Barlow, Hunter and Proschan's sweep again, on a finer grid and without limits, written
 * apart from the one that is measured against it.
 */
final class Optimum {

	private static final int GRID = 700;

	private static final int PRICES = 60;

	private final List<double[]> frontier = new ArrayList<>();

	Optimum(Workload workload) {
		double[] ages = new double[GRID + 1];
		double[] left = new double[GRID + 1];
		double[] waited = new double[GRID + 1];
		left[0] = 1;
		for (int i = 1; i <= GRID; i++) {
			// Even steps down to 3 %, then a geometric tail down to 1 in 100,000.
			double even = 1 - 0.97 * i / (0.85 * GRID);
			left[i] = (i <= 0.85 * GRID) ? even : 0.03 * Math.pow(1e-5 / 0.03, (i - 0.85 * GRID) / (0.15 * GRID));
			ages[i] = workload.quantile(1 - left[i]);
			waited[i] = waited[i - 1] + (left[i] + left[i - 1]) / 2 * (ages[i] - ages[i - 1]);
		}
		for (int i = 0; i < PRICES; i++) {
			double price = waited[GRID] * Math.pow(10, -4 + 6.0 * i / PRICES);
			this.frontier.add(sweep(price, ages, left, waited));
		}
	}

	private static double[] sweep(double price, double[] ages, double[] left, double[] waited) {
		double[] cost = new double[GRID + 1];
		double[] polls = new double[GRID + 1];
		for (int i = GRID - 1; i >= 0; i--) {
			cost[i] = Double.POSITIVE_INFINITY;
			for (int j = i + 1; j <= GRID; j++) {
				double total = price * left[i] + left[i] * (ages[j] - ages[i]) - (waited[j] - waited[i]) + cost[j];
				if (total < cost[i]) {
					cost[i] = total;
					polls[i] = left[i] + polls[j];
				}
			}
		}
		return new double[] { cost[0] - price * polls[0], polls[0] };
	}

	/** Polls a job at that mean lag. */
	double polls(double lag) {
		double[] lower = this.frontier.get(0);
		for (double[] upper : this.frontier) {
			if (upper[0] >= lag) {
				return lower[1] + (upper[1] - lower[1]) * share(lower[0], upper[0], lag);
			}
			lower = upper;
		}
		return lower[1];
	}

	private static double share(double low, double high, double value) {
		return (high > low) ? Math.log(value / low) / Math.log(high / low) : 0;
	}

	/** All of it: pairs of mean lag and polls a job, the shortest lag first. */
	List<double[]> frontier() {
		return this.frontier.stream().map(double[]::clone).toList();
	}

}
