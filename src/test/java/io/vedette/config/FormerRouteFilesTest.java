package io.vedette.config;

import java.io.IOException;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class FormerRouteFilesTest {

	private static final Set<String> PACKAGED = Set.of("ask-akool.camel.yaml", "watch-jobs.camel.yaml");

	private final FormerRouteFiles former;

	FormerRouteFilesTest() throws IOException {
		this.former = FormerRouteFiles.read();
	}

	@ParameterizedTest
	@CsvSource({ "watch-job, watch-jobs", "read-crun, ask-crun", "deliver-to-webhook, send-to-webhook",
			"keep-until-stored, error-handling", "renew-lease, keep-house" })
	void refusesAFormerNameAndNamesItsSuccessor(String name, String successor) {
		assertThatExceptionOfType(ConfigurationProblem.class)
			.isThrownBy(() -> this.former.refuse(List.of(name + ".camel.yaml"), PACKAGED))
			.satisfies((problem) -> {
				assertThat(problem.getMessage()).isEqualTo(
						"\"routes/%s.camel.yaml\": a route file of an earlier version; expected \"routes/%s.camel.yaml\", where its routes are now.",
						name, successor);
				assertThat(problem.action()).contains(successor + ".camel.yaml",
						"remove routes/" + name + ".camel.yaml");
			});
	}

	@Test
	void refusesARouteOfTheRestApiWithoutASuccessor() {
		assertThatExceptionOfType(ConfigurationProblem.class)
			.isThrownBy(() -> this.former.refuse(List.of("rest-api.camel.yaml"), PACKAGED))
			.withMessageContaining("REST is no route any more");
	}

	@Test
	void namesAllThatItRefuses() {
		assertThatExceptionOfType(ConfigurationProblem.class)
			.isThrownBy(() -> this.former
				.refuse(List.of("set-aside.camel.yaml", "ask-akool.camel.yaml", "commit-outcome.camel.yaml"), PACKAGED))
			.satisfies((problem) -> assertThat(problem.getMessage().lines()).hasSize(2)
				.anyMatch((line) -> line.contains("routes/set-aside.camel.yaml"))
				.anyMatch((line) -> line.contains("routes/commit-outcome.camel.yaml")));
	}

	@Test
	void letsReplacementsAndNewFilesPass() {
		assertThatNoException().isThrownBy(() -> this.former.refuse(
				List.of("ask-akool.camel.yaml", "watch-jobs.camel.yaml", "ask-somebody.camel.yaml", "note.yaml"),
				PACKAGED));
	}

	/** A name is not former as long as the jar has a file of it. */
	@Test
	void letsANamePassThatIsPackaged() {
		assertThatNoException()
			.isThrownBy(() -> this.former.refuse(List.of("watch-job.camel.yaml"), Set.of("watch-job.camel.yaml")));
	}

}
