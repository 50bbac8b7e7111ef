package io.vedette.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.vedette.packaged.Database;
import io.vedette.packaged.Load;
import io.vedette.packaged.PackagedJar;
import io.vedette.packaged.Stage;
import io.vedette.standin.FreePort;
import io.vedette.standin.LocalServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How fast deliveries are, compared with what is measured in the same run:
 * {@code ./mvnw -Pbenchmark verify}, see docs/reliability.md.
 */
class DeliveryBenchmarkRun {

	private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 3);

	private static final int JOBS = Integer.getInteger("benchmark.jobs", 1000);

	private static final String DATABASE = System.getProperty("benchmark.database", "h2");

	@AutoClose
	private final Stage stage = new Stage();

	@TempDir
	private Path directory;

	@BeforeEach
	void keepNoRequests() {
		this.stage.providers().forgetRequests();
		this.stage.webhook().forgetRequests();
	}

	/** Vedette asks, stores, sends and writes down; the bare client only sends. */
	@Test
	void comparesWithBareClients() throws Exception {
		try (EmbeddedPostgres server = "postgres".equals(DATABASE) ? EmbeddedPostgres.start() : null) {
			List<BareClient> clients = new ArrayList<>(List.of(new FilesClient(output(this.directory)),
					new WebhookClient(this.stage.webhook(), Race.CONCURRENCY)));
			PackagedJar.Launch launch = launch(this.directory).optimized();
			if (LocalServer.isThere(LocalServer.RABBITMQ)) {
				RabbitMqClient rabbit = new RabbitMqClient(Race.CONCURRENCY);
				clients.add(rabbit);
				launch.set("vedette.targets.rabbitmq.uri", rabbit.uri());
			}
			if (server != null) {
				Database.on(server).below(launch);
			}
			try (PackagedJar jar = launch.start()) {
				race(jar, clients).forEach(System.out::println);
			}
			finally {
				for (BareClient client : clients) {
					client.close();
				}
			}
		}
	}

	/** More than 100,000 deliveries wait for a webhook that is dead. */
	@Test
	void deliversAsFastBesideABacklog() throws Exception {
		String dead = "http://127.0.0.1:" + FreePort.find();
		try (Backlog backlog = new Backlog(new Race(this.stage), this.directory,
				(place) -> launch(place).set("vedette.targets.crm.uri", dead).set("vedette.lease", "1h"))) {
			backlog.compare(ROUNDS, JOBS / 4).forEach(System.out::println);
		}
	}

	private List<Ratios> race(PackagedJar jar, List<BareClient> clients) throws Exception {
		Race race = new Race(this.stage);
		Load first = race.load(JOBS / 2);
		race.vedette(jar, clients.get(0), first);
		Race.Events events = Race.Events.of(output(this.directory), first.jobs().get(0));
		List<Ratios> all = new ArrayList<>();
		for (BareClient client : clients) {
			Ratios ratios = new Ratios(DATABASE + ", " + client.target() + ": bare client, Vedette");
			race.vedette(jar, client, race.load(JOBS / 2));
			race.bare(client, race.load(JOBS / 2), events);
			for (int round = 0; round < ROUNDS; round++) {
				Race.awaitRest(jar);
				long bare = race.bare(client, race.load(JOBS), events);
				ratios.add(bare, race.vedette(jar, client, race.load(JOBS)));
			}
			Race.awaitRest(jar);
			all.add(ratios);
		}
		return all;
	}

	private PackagedJar.Launch launch(Path place) {
		return this.stage.launchWithWebhook(place)
			.heap("512m")
			.set("vedette.providers.akool.min-delay", "1s")
			.set("vedette.targets.files.images", "false");
	}

	private static Path output(Path place) {
		return place.resolve("data/out");
	}

}
