package io.vedette.schedule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The jobs of a provider that finished last.
 *
 * @param all of any kind, the latest first
 * @param kinds the same for each kind of job; those of a rare one reach back further
 * @param shares which part of the latest jobs each kind is, 0 to 1; older ones weigh less
 */
public record Finishes(List<CompletionInterval> all, Map<String, List<CompletionInterval>> kinds,
		Map<String, Double> shares) {

	/** Jobs that are all of one kind. */
	public static Finishes of(List<CompletionInterval> all) {
		return new Finishes(all, Map.of(), Map.of());
	}

	/**
	 * Sorts the latest finished jobs by kind.
	 * @param latest of any kind, the latest first
	 * @param further those of each kind that reach back further; of any other kind there
	 * are no more than those among the latest
	 */
	public static Finishes of(List<Finish> latest, Map<String, List<CompletionInterval>> further) {
		Map<String, List<CompletionInterval>> kinds = latest.stream()
			.collect(Collectors.groupingBy(Finish::kind, Collectors.mapping(Finish::interval, Collectors.toList())));
		kinds.putAll(further);
		double[] weights = Smoothing.weights(latest.size());
		double sum = 0;
		Map<String, Double> shares = new HashMap<>();
		for (int i = 0; i < weights.length; i++) {
			sum += weights[i];
			shares.merge(latest.get(i).kind(), weights[i], Double::sum);
		}
		double whole = sum;
		shares.replaceAll((kind, weight) -> weight / whole);
		return new Finishes(latest.stream().map(Finish::interval).toList(), kinds, shares);
	}

	/**
	 * A finished job.
	 *
	 * @param kind which jobs take about as long as it, empty where nobody told
	 */
	public record Finish(String kind, CompletionInterval interval) {
	}

}
