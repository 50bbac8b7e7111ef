package io.vedette.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vedette.packaged.Load;

/**
 * Hands in random jobs and media by REST, by file and by message, for as long as the
 * chaos lasts.
 */
final class Feeder {

	private static final ObjectMapper JSON = new ObjectMapper();

	private static final double FAILING = 0.1;

	private static final double AGAIN = 0.05;

	private static final double TO_SUBMIT = 0.3;

	private static final double MOSTLY_TO_SUBMIT = 0.7;

	private static final int MANY_FACES = 20;

	/** Where POSTs are what counts. */
	private static final int FEW_FACES = 3;

	/**
	 * Share of the calls without an answer that the caller repeats; it drops the rest.
	 */
	private static final double PERSISTENT = 0.95;

	private final AtomicInteger number = new AtomicInteger();

	private final RigOptions options;

	private final List<RigNode> nodes;

	private final Ledger ledger;

	private final Batches batches;

	private final Progress progress;

	private final Journal journal;

	/** How jobs are handed in. */
	interface Intake {

		void take(List<Order> orders, Random random) throws IOException, InterruptedException;

	}

	Feeder(RigOptions options, List<RigNode> nodes, Ledger ledger, Batches batches, Progress progress,
			Journal journal) {
		this.options = options;
		this.nodes = nodes;
		this.ledger = ledger;
		this.batches = batches;
		this.progress = progress;
		this.journal = journal;
	}

	/**
	 * Feeds one intake until all is fed.
	 * @param batched whether some of it names batches: it is known when it is taken
	 */
	void feed(Intake intake, int seed, boolean batched) throws IOException, InterruptedException {
		Random random = new Random(this.options.seed() * 31 + seed);
		Batches.Line line = this.batches.new Line(random);
		while (!this.progress.isFed()) {
			if (this.progress.isAhead() && !this.progress.isAiming()) {
				Pause.millis(20);
				continue;
			}
			List<Order> orders = (random.nextDouble() < AGAIN) ? this.ledger.again(random) : null;
			if (orders != null) {
				this.journal.count("handed in again", orders.size() + " jobs");
			}
			else {
				orders = draw(random, batched ? line.next() : null);
				this.ledger.offer(orders);
			}
			intake.take(orders, random);
			// What is more than the load is there for a kill that waits for a POST.
			boolean isExtra = this.progress.isAhead();
			Pause.between(random, isExtra ? 500 : 20, isExtra ? 1500 : 200);
		}
		line.close();
	}

	private List<Order> draw(Random random, String batch) {
		boolean isNamed = random.nextInt(4) > 0;
		return IntStream.rangeClosed(0, random.nextInt(20)).mapToObj((i) -> order(random, isNamed, batch)).toList();
	}

	private Order order(Random random, boolean isNamed, String batch) {
		double share = (this.options.aim() == RigOptions.Aim.SUBMIT) ? MOSTLY_TO_SUBMIT : TO_SUBMIT;
		Load.Item job = job(random);
		if (random.nextDouble() >= share) {
			return Order.of(job, batch);
		}
		return Order.toSubmit(job, random.nextBoolean(), isNamed ? "request-" + this.number.incrementAndGet() : null,
				batch);
	}

	private Load.Item job(Random random) {
		boolean fails = random.nextDouble() < FAILING;
		Duration duration = Duration.ofMillis((random.nextInt(3) == 0) ? 0 : random.nextInt(6000));
		int most = (this.options.aim() == RigOptions.Aim.SUBMIT) ? FEW_FACES : MANY_FACES;
		return Load.Item.of(random.nextBoolean() ? "akool" : "crun", duration, fails ? 0 : random.nextInt(most + 1),
				fails, "rig" + this.number.incrementAndGet());
	}

	/**
	 * By REST: what is answered with 2xx is accepted. What bears no name would be another
	 * job the next time.
	 */
	void post(List<Order> orders, Random random) throws InterruptedException {
		do {
			if (isAnswered(orders, this.nodes.get(random.nextInt(this.nodes.size())))) {
				accept(orders, "REST");
				return;
			}
			Pause.between(random, 100, 1000);
		}
		while (orders.stream().allMatch(Order::isRepeatable) && random.nextDouble() < PERSISTENT);
	}

	private boolean isAnswered(List<Order> orders, RigNode node) throws InterruptedException {
		try {
			var response = node.jar().post("/jobs", Order.json(orders));
			if (response.statusCode() / 100 == 2) {
				return isShown(orders, JSON.readTree(response.body()));
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

	/** Whether each is answered with its job, in order. */
	private static boolean isShown(List<Order> orders, JsonNode jobs) {
		return jobs.size() == orders.size() && IntStream.range(0, orders.size()).allMatch((i) -> {
			Order order = orders.get(i);
			String requestId = jobs.path(i).path("requestId").asText();
			if (order.mediaUrl() == null) {
				return jobs.path(i).path("jobId").asText().equals(order.job().jobId());
			}
			return (order.requestId() != null) ? requestId.equals(order.requestId()) : !requestId.isEmpty();
		});
	}

	/** By file: complete when it gets its name. */
	void write(List<Order> orders, Random random) throws IOException {
		Path inbox = this.nodes.get(random.nextInt(this.nodes.size())).directory().resolve("data/inbox");
		String extension = List.of("json", "ndjson", "csv").get(random.nextInt(3));
		Path file = inbox.resolve("%d.%s".formatted(this.number.incrementAndGet(), extension));
		// A node answers REST a moment before it makes its inbox.
		Files.createDirectories(inbox);
		Path upload = Files.writeString(file.resolveSibling(file.getFileName() + ".part"), text(orders, extension));
		this.ledger.file(file, orders);
		orders.stream()
			.map(Order::batch)
			.filter(Objects::nonNull)
			.distinct()
			.forEach((name) -> this.batches.file(name, file));
		Files.move(upload, file, StandardCopyOption.ATOMIC_MOVE);
		count(orders, "files");
	}

	private static String text(List<Order> orders, String extension) {
		return switch (extension) {
			case "json" -> Order.json(orders);
			case "csv" -> Stream.concat(Stream.of(String.join(",", Order.MEMBERS)), orders.stream().map(Order::row))
				.collect(Collectors.joining("\n"));
			default -> orders.stream().map(Order::json).collect(Collectors.joining("\n"));
		};
	}

	/**
	 * By message: accepted when the queue is rid of it, which is looked at in the end.
	 */
	void publish(Broker broker, List<Order> orders) throws IOException, InterruptedException {
		broker.publish(Order.json(orders));
		accept(orders, "RabbitMQ");
	}

	private void accept(List<Order> orders, String way) {
		this.ledger.accept(orders);
		count(orders, way);
	}

	private void count(List<Order> orders, String way) {
		this.journal.count("handed in by " + way, orders.size() + " jobs");
		this.progress.faces(this.ledger.handIn(orders).stream().map(Order::job).mapToInt(Load.Item::faces).sum());
	}

}
