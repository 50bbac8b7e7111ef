package io.vedette;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the documentation says of the routes is drawn from their files. With
 * {@code -Ddraw} it is drawn anew.
 */
class DrawnPagesTest {

	private static final String DRAW = "./mvnw test -Dtest=DrawnPagesTest -Ddraw=true";

	/** Beans that YAML calls. More of them make routes that only Java explains. */
	private static final int MOST_BEANS = 46;

	private final RouteFiles routes = new RouteFiles(RouteFile.in("routes"));

	private final RoutePictures pictures = new RoutePictures(this.routes);

	private final Seam seam = new Seam(this.routes);

	@Test
	void showsTheStagesInTheReadme() throws IOException {
		assertDrawn("README.md", "picture", this.pictures.overview());
	}

	@Test
	void showsTheRoutesOfEachStage() throws IOException {
		assertDrawn("docs/routes.md", "stages", this.pictures.stages());
	}

	@Test
	void listsTheNamesByWhichRoutesCallJava() throws IOException {
		assertDrawn("CONTRIBUTING.md", "seam", this.seam.table());
	}

	@Test
	void routesCallFewBeans() {
		assertThat(this.seam.beans()).hasSizeBetween(1, MOST_BEANS);
	}

	private static void assertDrawn(String page, String name, String text) throws IOException {
		Figures figures = new Figures(Path.of(page), name);
		if (Boolean.getBoolean("draw")) {
			figures.write(text);
		}
		assertThat(figures.read()).as("%s, %s: draw it anew with %s", page, name, DRAW).isEqualTo(text.strip());
	}

	@Nested
	class Drawing {

		private final RouteFiles sample = new RouteFiles(
				List.of(RouteFile.read(Path.of("src/test/resources/sample-routes/ask-sample.camel.yaml")),
						RouteFile.read(Path.of("src/test/resources/sample-routes/start-sample.camel.yaml"))));

		@Test
		void drawsCallsAndHandOversBetweenFiles() {
			assertThat(new RoutePictures(this.sample).overview()).isEqualTo("""
					```mermaid
					flowchart LR
					  start-sample --> ask-sample
					  start-sample -.-> ask-sample
					```""");
		}

		@Test
		void drawsTheRoutesOfAFile() {
			assertThat(new RoutePictures(this.sample).stages()).isEqualTo("""
					## start-sample

					- `start-sample`: Starts the sample.

					```mermaid
					flowchart LR
					  quartz_start_sample(["every 5 s"]) --> start-sample
					  start-sample --> ask-sample
					  start-sample -.-> sample-target
					  start-sample --> file_sample(["file:sample"])
					```

					## ask-sample

					- `ask-sample`: Asks the sample, when v1.2 of it is up.
					- `sample-target`: Logs whatever comes.
					  - parameter `target`: Whose log it is.
					- `sample-faults`
					- `sample-api`
					- `sample-one`: Made from the template `sample-target`.

					```mermaid
					flowchart LR
					  ask-sample --> jobs(["*/jobs/*"])
					  ask-sample --> ask-sample
					  ask-sample -.-> sample-target
					  sample-api --> ask-sample
					  sample-one -- template --> sample-target
					```""");
		}

		@Test
		void findsEveryNameOfJava() {
			assertThat(new Seam(this.sample).names().keySet()).containsExactly("clock", "counter.count", "counter.next",
					"gate", "line", "printer.print");
			assertThat(new Seam(this.sample).beans()).containsExactly("clock", "counter", "gate", "line", "printer");
		}

	}

}
