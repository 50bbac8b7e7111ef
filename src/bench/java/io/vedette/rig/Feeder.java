package io.vedette.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vedette.packaged.Load;

/**
 * Registers random jobs by REST, by file and by message, for as long as the chaos lasts.
 */
final class Feeder {

	private static final ObjectMapper JSON = new ObjectMapper();

	private static final double FAILING = 0.1;

	private static final double AGAIN = 0.05;

	/**
	 * Share of the calls without an answer that the caller repeats; it drops the rest.
	 */
	private static final double PERSISTENT = 0.95;

	private final AtomicInteger number = new AtomicInteger();

	private final RigOptions options;

	private final List<RigNode> nodes;

	private final Ledger ledger;

	private final Progress progress;

	private final Journal journal;

	/** How a batch is handed in. */
	interface Intake {

		void take(List<Load.Item> batch, Random random) throws IOException, InterruptedException;

	}

	Feeder(RigOptions options, List<RigNode> nodes, Ledger ledger, Progress progress, Journal journal) {
		this.options = options;
		this.nodes = nodes;
		this.ledger = ledger;
		this.progress = progress;
		this.journal = journal;
	}

	/** Feeds one intake until all is fed. */
	void feed(Intake intake, int seed) throws IOException, InterruptedException {
		Random random = new Random(this.options.seed() * 31 + seed);
		while (!this.progress.isFed()) {
			if (this.progress.isAhead()) {
				Pause.millis(20);
				continue;
			}
			List<Load.Item> batch = (random.nextDouble() < AGAIN) ? this.ledger.again(random) : null;
			if (batch != null) {
				this.journal.count("batches again", batch.size() + " jobs");
			}
			else {
				batch = draw(random);
				this.ledger.offer(batch);
			}
			intake.take(batch, random);
			Pause.between(random, 20, 200);
		}
	}

	private List<Load.Item> draw(Random random) {
		return IntStream.rangeClosed(0, random.nextInt(20)).mapToObj((i) -> job(random)).toList();
	}

	private Load.Item job(Random random) {
		boolean fails = random.nextDouble() < FAILING;
		Duration duration = Duration.ofMillis((random.nextInt(3) == 0) ? 0 : random.nextInt(6000));
		return Load.Item.of(random.nextBoolean() ? "akool" : "crun", duration, fails ? 0 : random.nextInt(21), fails,
				"rig" + this.number.incrementAndGet());
	}

	/** By REST: what is answered with 2xx is accepted. */
	void post(List<Load.Item> batch, Random random) throws InterruptedException {
		do {
			if (isAnswered(batch, this.nodes.get(random.nextInt(this.nodes.size())))) {
				accept(batch, "REST");
				return;
			}
			Pause.between(random, 100, 1000);
		}
		while (random.nextDouble() < PERSISTENT);
	}

	private boolean isAnswered(List<Load.Item> batch, RigNode node) throws InterruptedException {
		try {
			var response = node.jar().post("/jobs", new Load(batch).requests());
			if (response.statusCode() / 100 == 2) {
				return names(response.body()).equals(batch.stream().map(Load.Item::jobId).toList());
			}
			// A node that starts or stops knows no routes: the caller comes again.
			if (response.statusCode() != 503 && response.statusCode() != 404) {
				this.journal.problem("%s: POST /jobs: %d %s".formatted(node, response.statusCode(), response.body()));
			}
			this.journal.count("calls answered with " + response.statusCode(), node.toString());
			return false;
		}
		catch (IOException ex) {
			this.journal.count("calls without an answer", node.toString());
			return false;
		}
	}

	private List<String> names(String response) throws IOException {
		JsonNode jobs = JSON.readTree(response);
		return StreamSupport.stream(jobs.spliterator(), false).map((job) -> job.path("jobId").asText()).toList();
	}

	/** By file: complete when it gets its name. */
	void write(List<Load.Item> batch, Random random) throws IOException {
		Path inbox = this.nodes.get(random.nextInt(this.nodes.size())).directory().resolve("data/inbox");
		String extension = List.of("json", "ndjson", "csv").get(random.nextInt(3));
		Path file = inbox.resolve("%d.%s".formatted(this.number.incrementAndGet(), extension));
		// A node answers REST a moment before it makes its inbox.
		Files.createDirectories(inbox);
		Path upload = Files.writeString(file.resolveSibling(file.getFileName() + ".part"), text(batch, extension));
		this.ledger.file(file, batch);
		Files.move(upload, file, StandardCopyOption.ATOMIC_MOVE);
		count(batch, "files");
	}

	private static String text(List<Load.Item> batch, String extension) {
		return switch (extension) {
			case "json" -> new Load(batch).requests();
			case "csv" -> Stream
				.concat(Stream.of("provider,jobId"), batch.stream().map((job) -> job.provider() + "," + job.jobId()))
				.collect(Collectors.joining("\n"));
			default -> batch.stream()
				.map((job) -> "{\"provider\":\"%s\",\"jobId\":\"%s\"}".formatted(job.provider(), job.jobId()))
				.collect(Collectors.joining("\n"));
		};
	}

	/**
	 * By message: accepted when the queue is rid of it, which is looked at in the end.
	 */
	void publish(Broker broker, List<Load.Item> batch) throws IOException, InterruptedException {
		broker.publish(new Load(batch).requests());
		accept(batch, "RabbitMQ");
	}

	private void accept(List<Load.Item> batch, String way) {
		this.ledger.accept(batch);
		count(batch, way);
	}

	private void count(List<Load.Item> batch, String way) {
		this.journal.count("batches by " + way, batch.size() + " jobs");
		this.progress.faces(this.ledger.handIn(batch).stream().mapToInt(Load.Item::faces).sum());
	}

}
