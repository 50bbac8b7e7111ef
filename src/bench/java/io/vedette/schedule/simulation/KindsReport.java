package io.vedette.schedule.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import io.vedette.Figures;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Writes into docs/polling.md what it gains that each kind of job has a schedule of its
 * own: {@code ./mvnw test -Dtest=KindsReport}.
 */
class KindsReport {

	private static final double[] LAGS = { 0.04, 0.1 };

	private static final int SEEDS = 5;

	private static final int JOBS = 400;

	@Test
	void writesTheFigures() throws IOException {
		StringBuilder text = new StringBuilder();
		text.append("| target | schedule | kind | polls a job | mean lag | p95 lag | polls to the optimum |\n")
			.append("|---|---|---|---|---|---|---|\n");
		for (double lag : LAGS) {
			String target = String.format(Locale.ROOT, "%.1f s", lag * Workload.MIXTURE.mean());
			tabulate(target, "one for all", KindComparison.of(false, lag, JOBS, SEEDS), text);
			tabulate("", "one a kind", KindComparison.of(true, lag, JOBS, SEEDS), text);
		}
		Path page = Path.of("docs/polling.md");
		new Figures(page, "kinds").write(text.toString());
		assertThat(Files.readString(page)).contains(text);
	}

	private static void tabulate(String target, String schedule, List<KindComparison> kinds, StringBuilder text) {
		String first = target;
		String second = schedule;
		for (KindComparison one : kinds) {
			row(text, first, second, one.kind().name(), one.score(),
					String.format(Locale.ROOT, "%.2f", one.toOptimum()));
			first = "";
			second = "";
		}
		row(text, "", "", "both", Score.mean(kinds.stream().map(KindComparison::score).toList()), "");
	}

	private static void row(StringBuilder text, String first, String second, String third, Score score, String ratio) {
		text.append(String.format(Locale.ROOT, "| %s | %s | %s | %.2f | %.2f s | %.2f s | %s |%n", first, second, third,
				score.polls(), score.lag(), score.lag95(), ratio));
	}

}
