package io.vedette.schedule.simulation;

import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/**
 * A distribution of completion times, in seconds.
 *
 * @param name what reports call it
 * @param description how it is distributed
 * @param cdf share of the jobs that have finished by an age
 * @param mean of the distribution
 * @param drift how many times slower the provider is at the n-th job
 */
record Workload(String name, String description, DoubleUnaryOperator cdf, double mean, DoubleUnaryOperator drift) {

	private static final double LONGEST = 100_000;

	private static final double LOG_LONGEST = Math.log1p(LONGEST);

	private static final int STEPS = 20_000;

	static final Workload IMAGE = steady("image", "lognormal, median 1.7 s, sigma 0.25", lognormal(1.7, 0.25));

	static final Workload VIDEO = steady("video", "10 s + lognormal, median 45 s, sigma 0.4",
			(age) -> lognormal(35, 0.4).applyAsDouble(age - 10));

	static final Workload BIMODAL = steady("bimodal", "half around 2 s, half around 65 s, sigma 0.15",
			(age) -> (lognormal(2, 0.15).applyAsDouble(age) + lognormal(65, 0.15).applyAsDouble(age)) / 2);

	static final Workload HEAVY_TAILED = steady("heavy-tailed", "Lomax, shape 2.5, median 3.2 s",
			(age) -> 1 - Math.pow(1 + age / 10, -2.5));

	static final Workload EXPONENTIAL = steady("exponential", "mean 20 s", (age) -> 1 - Math.exp(-age / 20));

	static final Workload DRIFTING = new Workload("drifting", "video, twice as slow and back within 2,000 jobs",
			VIDEO.cdf, VIDEO.mean, (job) -> Math.pow(2, 0.5 * Math.sin(2 * Math.PI * job / 2000)));

	static final Workload MIXTURE = steady("mixture", "half image, half video",
			(age) -> (IMAGE.cdf.applyAsDouble(age) + VIDEO.cdf.applyAsDouble(age)) / 2);

	static final List<Workload> ALL = List.of(IMAGE, VIDEO, BIMODAL, HEAVY_TAILED, EXPONENTIAL, DRIFTING);

	private static Workload steady(String name, String description, DoubleUnaryOperator cdf) {
		return new Workload(name, description, cdf, mean(cdf), (job) -> 1);
	}

	/** This workload as it is at the n-th job. */
	Workload at(int job) {
		double scale = this.drift.applyAsDouble(job);
		return new Workload(this.name, this.description, (age) -> this.cdf.applyAsDouble(age / scale),
				this.mean * scale, (one) -> 1);
	}

	/** Share of the jobs that have finished by an age. */
	double finished(double age) {
		return (age <= 0) ? 0 : this.cdf.applyAsDouble(age);
	}

	/** The age by which that share of the jobs has finished. */
	double quantile(double share) {
		double low = 0;
		double high = LONGEST;
		while (high - low > 1e-9 * high) {
			double middle = (low + high) / 2;
			if (finished(middle) < share) {
				low = middle;
			}
			else {
				high = middle;
			}
		}
		return high;
	}

	/** The integral of the survival, on steps that grow with the age. */
	private static double mean(DoubleUnaryOperator cdf) {
		double sum = 0;
		for (int i = 0; i < STEPS; i++) {
			double age = Math.expm1(LOG_LONGEST * i / STEPS);
			double next = Math.expm1(LOG_LONGEST * (i + 1) / STEPS);
			sum += (1 - cdf.applyAsDouble((age + next) / 2)) * (next - age);
		}
		return sum;
	}

	/** How long one job takes. */
	double draw(Random random) {
		return quantile(random.nextDouble());
	}

	private static DoubleUnaryOperator lognormal(double median, double sigma) {
		return (age) -> (age <= 0) ? 0 : normal(Math.log(age / median) / sigma);
	}

	/** Abramowitz and Stegun 26.2.17. */
	private static double normal(double x) {
		double t = 1 / (1 + 0.2316419 * Math.abs(x));
		double tail = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * t
				* (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
		return (x > 0) ? 1 - tail : tail;
	}

}
