package io.vedette.schedule.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.vedette.Figures;
import io.vedette.LagPlot;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.style.Styler.LegendPosition;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Writes the figures of docs/polling.md, and a plot for each workload beside it:
 * {@code ./mvnw test -Dtest=PollingReport}.
 */
class PollingReport {

	private static final Path DOCS = Path.of("docs");

	private static final double[] LAGS = { 0.03, 0.05, 0.1, 0.2, 0.3 };

	private static final double TABLED = 0.1;

	private static final int SEEDS = 5;

	private static final int PLACES = 16;

	@Test
	void writesTheFigures() throws IOException {
		StringBuilder text = new StringBuilder();
		text.append("| workload | policy | polls a job | mean lag | p95 lag | polls to the optimum |\n")
			.append("|---|---|---|---|---|---|\n");
		for (Workload workload : Workload.ALL) {
			List<Comparison> comparisons = new ArrayList<>();
			for (double lag : LAGS) {
				Comparison comparison = Comparison.of(workload, lag, (workload == Workload.DRIFTING) ? 1 : SEEDS);
				comparisons.add(comparison);
				if (lag == TABLED) {
					tabulate(comparison, text);
				}
			}
			plot(workload, comparisons);
		}
		text.append("\n| jobs in flight | policy | polls a job | mean lag | p95 lag | lag to the best |\n")
			.append("|---|---|---|---|---|---|\n");
		tabulateLimited(50, text);
		tabulateLimited(500, text);
		Path page = DOCS.resolve("polling.md");
		new Figures(page, "figures").write(text.toString());
		assertThat(Files.readString(page)).contains(text);
	}

	private static void tabulate(Comparison comparison, StringBuilder text) {
		Workload workload = comparison.workload();
		Optimum optimum = new Optimum(workload);
		Score google = Score.of(Policy.google(), workload, 1);
		Score smithy = Score.of(Policy.smithy(), workload, PLACES);
		row(text, workload.name(), "`learned`", comparison.learned(), comparison.toOptimum());
		row(text, "", "best fixed interval", comparison.fixed(), comparison.fixed().polls() / comparison.optimum());
		row(text, "", "best back-off", comparison.backoff(), comparison.backoff().polls() / comparison.optimum());
		row(text, "", "Google's defaults", google, google.polls() / optimum.polls(google.lag()));
		row(text, "", "Smithy's defaults", smithy, smithy.polls() / optimum.polls(smithy.lag()));
	}

	private static void tabulateLimited(int inFlight, StringBuilder text) {
		int uncounted = Math.max(Comparison.HISTORY, 2 * inFlight);
		int counted = 3000;
		Workload mixture = Workload.MIXTURE;
		Score knowing = RateLimited.ofKnowing(mixture, inFlight, uncounted, counted, 1);
		Score fixed = RateLimited.of(Policy.fixed(5), mixture, inFlight, uncounted, counted, 1);
		Score backoff = RateLimited.of(Policy.backoff(1, 1.5, 30), mixture, inFlight, uncounted, counted, 1);
		Score google = RateLimited.of(Policy.google(), mixture, inFlight, uncounted, counted, 1);
		Score smithy = RateLimited.of(Policy.smithy(), mixture, inFlight, uncounted, counted, 1);
		Score learned = RateLimited.ofLearned(mixture, inFlight, uncounted, counted, 1);
		double best = Math.min(Math.min(knowing.lag(), fixed.lag()), Math.min(google.lag(), smithy.lag()));
		row(text, Integer.toString(inFlight), "`learned`", learned, learned.lag() / best);
		row(text, "", "distribution known", knowing, knowing.lag() / best);
		row(text, "", "fixed 5 s", fixed, fixed.lag() / best);
		row(text, "", "back-off 1 s, times 1.5, at most 30 s", backoff, backoff.lag() / best);
		row(text, "", "Google's defaults", google, google.lag() / best);
		row(text, "", "Smithy's defaults", smithy, smithy.lag() / best);
	}

	private static void row(StringBuilder text, String first, String policy, Score score, double ratio) {
		text.append(String.format(Locale.ROOT, "| %s | %s | %.2f | %.2f s | %.2f s | %.2f |%n", first, policy,
				score.polls(), score.lag(), score.lag95(), ratio));
	}

	private static void plot(Workload workload, List<Comparison> comparisons) throws IOException {
		LagPlot plot = new LagPlot(workload.name() + ": " + workload.description(), LegendPosition.InsideNE);
		List<double[]> frontier = new Optimum(workload.at(Comparison.HISTORY)).frontier()
			.stream()
			.filter((point) -> point[0] >= LAGS[0] * workload.mean() / 2 && point[0] <= workload.mean())
			.toList();
		plot.curve("optimum", frontier.stream().mapToDouble((point) -> point[1]).toArray(),
				frontier.stream().mapToDouble((point) -> point[0]).toArray());
		dots(plot, "learned", comparisons.stream().map(Comparison::learned).toList());
		dots(plot, "best fixed interval", comparisons.stream().map(Comparison::fixed).toList());
		dots(plot, "best back-off", comparisons.stream().map(Comparison::backoff).toList());
		dots(plot, "Google's defaults", List.of(Score.of(Policy.google(), workload, 1)));
		dots(plot, "Smithy's defaults", List.of(Score.of(Policy.smithy(), workload, PLACES)));
		plot.save(DOCS.resolve("polling-" + workload.name() + ".svg"));
	}

	private static void dots(LagPlot plot, String name, List<Score> scores) {
		plot.dots(name, scores.stream().mapToDouble(Score::polls).toArray(),
				scores.stream().mapToDouble(Score::lag).toArray());
	}

}
