package io.vedette.packaged;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

import io.vedette.standin.TcpProxy;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A database that goes away for a while costs nothing but time. */
class DatabaseAwayIT {

	private static final Duration ENOUGH = Duration.ofSeconds(90);

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	@Test
	void asksOnMeanwhileAndSettlesOnceTheDatabaseIsBack() throws Exception {
		Load finished = Load.of("finished", 40, Duration.ofSeconds(4));
		Load waiting = Load.of("waiting", 40, Duration.ofHours(1));
		Load refused = Load.of("refused", 4, Duration.ZERO);
		try (EmbeddedPostgres server = EmbeddedPostgres.start();
				Database database = Database.on(server);
				TcpProxy wire = new TcpProxy(server.getPort());
				PackagedJar jar = database.below(this.stage.launchWithWebhook(this.directory), wire.port())
					.set("vedette.lease", "5s")
					.set("vedette.providers.akool.max-delay", "1s")
					.set("vedette.providers.crun.max-delay", "1s")
					.start()) {
			jar.register(finished);
			jar.register(waiting);
			wire.cut();

			HttpResponse<String> answer = jar.post("/jobs", refused.requests());
			assertThat(answer.statusCode()).as(jar.console()).isEqualTo(503);
			assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
			// By now all of the first load are finished, and the lease has run out.
			await().pollDelay(Duration.ofSeconds(8)).until(() -> true);
			long polls = this.stage.providers().pollCount();
			await().atMost(ENOUGH)
				.until(() -> this.stage.providers().pollCount() >= polls + 2L * waiting.jobs().size());
			assertThat(database.count("job where status <> 'WATCHING'")).isZero();
			assertThat(this.stage.events()).isEmpty();

			wire.mend();
			await().atMost(ENOUGH).until(() -> this.stage.events().size() == finished.eventIds().size());
			await().atMost(ENOUGH)
				.until(() -> database.count("job where status = 'WATCHING'") == waiting.jobs().size()
						&& database.count("delivery where status = 'PENDING'") == 0);
			this.stage.assertDeliveredOnce(finished);
			assertThat(Stage.files(this.directory.resolve("data/out"))).isEqualTo(finished.files());
			assertThat(jar.stop().exitCode()).isZero();
		}
	}

}
