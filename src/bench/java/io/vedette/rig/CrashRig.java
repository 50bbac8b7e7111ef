package io.vedette.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.vedette.packaged.Database;
import io.vedette.packaged.Load;
import io.vedette.packaged.PackagedJar;
import io.vedette.packaged.Stage;
import io.vedette.standin.Reply;
import io.vedette.standin.Request;
import io.vedette.standin.LocalServer;
import io.vedette.standin.TcpProxy;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.util.FileSystemUtils;

/**
 * Runs packaged nodes under load while they are killed, stopped and frozen and their
 * wires are cut, then compares what was accepted with what each target has received.
 */
final class CrashRig implements AutoCloseable {

	private static final Duration LEASE = Duration.ofSeconds(3);

	private static final String HEAP = "512m";

	/** Far longer than any outage: a delivery dies of none. */
	private static final String RETRY = "200ms,500ms,1s,2s" + ",3s".repeat(60);

	/** What a provider says to a key that is not its own. */
	private static final Reply REFUSED = Reply.status(401);

	private final Deque<AutoCloseable> resources = new ArrayDeque<>();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Stage stage = open(new Stage());

	private final Bodies bodies = new Bodies();

	private final Received webhook;

	private final Received rabbit;

	private final Received files;

	private final Ledger ledger = new Ledger();

	private final Posts posts = new Posts();

	private final Map<String, TcpProxy> wires = new HashMap<>();

	private final List<RigNode> nodes = new ArrayList<>();

	private final RigOptions options;

	private final Path directory;

	private final Journal journal;

	private final Progress progress;

	private final WireFaults faults;

	private final Outages outages;

	private final Batches batches;

	private final Decisions decisions;

	private final Broker broker;

	private final Database database;

	/**
	 * @param directory for the nodes, their consoles and what they leave behind
	 */
	CrashRig(RigOptions options, Path directory) throws Exception {
		this.options = options;
		this.directory = directory.toAbsolutePath();
		FileSystemUtils.deleteRecursively(this.directory);
		Files.createDirectories(this.directory);
		this.journal = open(new Journal(this.directory.resolve("rig.log")));
		this.webhook = new Received("webhook", this.bodies, this.journal);
		this.rabbit = new Received("rabbitmq", this.bodies, this.journal);
		this.files = new Received("files", this.bodies, this.journal);
		this.progress = new Progress(options, this.webhook::size, this.posts::isAiming);
		this.batches = new Batches(this.nodes, this.journal);
		this.decisions = new Decisions(this.stage.providers(), this.journal);
		this.faults = new WireFaults(options.seed());
		this.broker = LocalServer.isThere(LocalServer.RABBITMQ)
				? open(new Broker("vedette-rig-" + Long.toString(System.nanoTime(), 36), this.rabbit)) : null;
		this.database = (options.database() == RigOptions.Store.POSTGRES) ? openPostgres() : null;
		this.outages = new Outages(this.wires, options.seed(), this.journal);
		openWires();
		openStage();
		for (int i = 0; i < options.nodes(); i++) {
			String name = String.valueOf((char) ('a' + i));
			this.nodes
				.add(open(new RigNode(name, this.directory.resolve(name), launch(name), this.outages, this.journal)));
		}
	}

	private <T extends AutoCloseable> T open(T resource) {
		this.resources.push(resource);
		return resource;
	}

	private Database openPostgres() throws Exception {
		EmbeddedPostgres server = open(EmbeddedPostgres.start());
		this.wires.put("database", open(new TcpProxy(server.getPort())));
		return open(Database.on(server));
	}

	private void openWires() {
		this.wires.put("webhook", open(new TcpProxy(this.stage.webhook().port())));
		if (this.broker != null) {
			this.wires.put("rabbitmq", open(new TcpProxy(LocalServer.RABBITMQ)));
		}
	}

	private void openStage() {
		this.stage.providers().forgetRequests();
		this.stage.providers().override(this::answerProvider);
		this.stage.webhook().forgetRequests();
		this.stage.webhook().answers(this::answerWebhook);
	}

	private Reply answerProvider(Request request) {
		Reply reply = this.faults.atProviders(request);
		if (request.method().equals("POST")) {
			this.posts.take(request, showsKey(request) ? reply : REFUSED);
		}
		return reply;
	}

	/** Each provider must be shown the key of its own, once. */
	private boolean showsKey(Request request) {
		String provider = request.path().startsWith("/api/open/") ? "akool" : "crun";
		String shown = request.header("x-api-key");
		boolean right = this.nodes.stream().anyMatch((node) -> key(provider, node.name()).equals(shown));
		if (!right) {
			this.journal.problem("%s: submitted with the key %s".formatted(request.path(), shown));
		}
		return right;
	}

	private Reply answerWebhook(Request request) {
		Reply reply = this.faults.atWebhooks();
		String id = request.header("webhook-id");
		if (!Stage.isSigned(request)) {
			this.journal.problem(id + ": wrong signature");
		}
		if (reply.status() == 200) {
			this.webhook.take(id, request.body());
		}
		else {
			this.webhook.look(id, request.body());
		}
		return reply;
	}

	/** All nodes write to one directory, as if they shared a disk. */
	private PackagedJar.Launch launch(String name) {
		PackagedJar.Launch launch = this.stage.launchWithWebhook(this.directory.resolve(name))
			.environment("AKOOL_API_KEY", accepted("akool", name))
			.environment("CRUN_API_KEY", accepted("crun", name))
			.heap(HEAP)
			.set("vedette.node", name)
			.set("vedette.providers.akool.max-delay", "2s")
			.set("vedette.providers.crun.max-delay", "2s")
			.set("vedette.lease", LEASE.toSeconds() + "s")
			.set("vedette.targets.crm.uri", "http://127.0.0.1:%d/hook".formatted(this.wires.get("webhook").port()))
			.set("vedette.targets.crm.retry", RETRY)
			.set("vedette.targets.files.uri", "file:" + output())
			.set("vedette.targets.files.retry", RETRY);
		if (this.database != null) {
			this.database.below(launch, this.wires.get("database").port());
		}
		if (this.broker != null) {
			launch.set("spring.rabbitmq.port", Integer.toString(this.wires.get("rabbitmq").port()))
				.set("vedette.intakes.rabbitmq.uri", this.broker.intakeUri())
				.set("vedette.targets.rabbitmq.uri", this.broker.targetUri())
				.set("vedette.targets.rabbitmq.retry", RETRY);
		}
		return launch;
	}

	/** The key of a node, which its provider takes from now on. */
	private String accepted(String provider, String node) {
		String key = key(provider, node);
		this.stage.providers().acceptsToo(provider, key);
		return key;
	}

	private String key(String provider, String node) {
		return Posts.key(this.stage.providers().key(provider), node);
	}

	private Path output() {
		return this.directory.resolve("out");
	}

	/**
	 * Runs to the end. What a run that is not sound left behind stays, to be looked at.
	 */
	RigReport run() throws Exception {
		Instant began = Instant.now();
		join(this.nodes.stream().<Future<?>>map((node) -> submit(node::start)).toList());
		wreakHavoc();
		settle();
		for (RigNode node : this.nodes) {
			node.stop();
		}
		checkIntakes();
		RigReport report = check(Duration.between(began, Instant.now()));
		if (report.isSound()) {
			FileSystemUtils.deleteRecursively(output());
			for (RigNode node : this.nodes) {
				FileSystemUtils.deleteRecursively(node.directory());
			}
		}
		return report;
	}

	private void settle() throws Exception {
		Settling settling = new Settling(this.nodes, this.broker, this.journal,
				() -> arrived() + Stage.files(output()).size());
		settling.awaitQuiet();
		this.decisions.decide(this.nodes.get(0));
		settling.awaitQuiet();
		settling.replay();
	}

	private void wreakHavoc() throws Exception {
		Feeder feeder = new Feeder(this.options, this.nodes, this.ledger, this.batches, this.progress, this.journal);
		Chaos chaos = new Chaos(this.options, LEASE, this.progress, this.posts, this.journal);
		List<Future<?>> work = new ArrayList<>();
		for (int i = 0; i < this.nodes.size(); i++) {
			int number = i;
			work.add(submit(() -> chaos.befall(this.nodes.get(number), number)));
		}
		work.add(submit(() -> feeder.feed(feeder::post, 1, true)));
		work.add(submit(() -> feeder.feed(feeder::write, 2, true)));
		if (this.broker != null) {
			work.add(submit(() -> feeder.feed((orders, random) -> feeder.publish(this.broker, orders), 3, false)));
		}
		Future<?> cuts = submit(this.outages::run);
		Future<?> seals = submit(this.batches::run);
		join(work);
		this.outages.end();
		this.batches.end();
		join(List.of(cuts, seals));
		this.faults.end();
	}

	private interface Task {

		void run() throws Exception;

	}

	private Future<?> submit(Task task) {
		return this.threads.submit(() -> {
			task.run();
			return null;
		});
	}

	/** Waits for all of it; the first that fails ends the wait. */
	private static void join(List<Future<?>> work) throws Exception {
		List<Future<?>> open = new ArrayList<>(work);
		while (!open.isEmpty()) {
			for (Future<?> one : List.copyOf(open)) {
				if (one.isDone()) {
					one.get();
					open.remove(one);
				}
			}
			TimeUnit.MILLISECONDS.sleep(200);
		}
	}

	private long arrived() {
		return this.webhook.size() + this.rabbit.size();
	}

	private void checkIntakes() throws IOException {
		this.ledger.settleFiles().forEach((file) -> this.journal.problem("left in the inbox: " + file));
		if (this.broker != null && this.broker.waiting() > 0) {
			this.journal.problem("left in the queue: %d messages".formatted(this.broker.waiting()));
		}
		for (RigNode node : this.nodes) {
			Stage.files(node.directory().resolve("data/rejected"))
				.forEach((file) -> this.journal.problem(node + ": rejected " + file));
		}
		this.stage.providers().faults().stream().distinct().limit(5).forEach(this.journal::problem);
	}

	private RigReport check(Duration time) throws Exception {
		try (Connection connection = (this.database != null) ? this.database.connect()
				: Database.connect(this.nodes.get(0).directory())) {
			Rows rows = new Rows(connection);
			rows.checkOwners(this.journal);
			List<Rows.Row> stored = rows.jobs();
			JobCheck check = new JobCheck(this.ledger, this.posts, this.decisions, this.stage.providers(),
					this.journal);
			Collection<Load.Item> jobs = check.owed(stored);
			BatchCheck batchCheck = new BatchCheck(rows, stored, this.journal);
			Set<String> known = batchCheck.check(this.bodies);
			batchCheck.checkOrder(jobs, this.webhook, "crm");
			batchCheck.checkOrder(jobs, this.rabbit, "rabbitmq");
			List<Tally> tallies = compare(jobs, known);
			checkRows(rows.checkDeliveries(this.journal), tallies);
			return new RigReport(this.options, jobs.size(), jobs.stream().mapToInt(Load.Item::faces).sum(),
					time.toSeconds(), this.journal.counts(), tallies, check.submitted(stored), known.size(),
					this.journal.problems());
		}
	}

	private List<Tally> compare(Collection<Load.Item> jobs, Collection<String> known) throws IOException {
		Map<String, String> expected = new HashMap<>();
		known.forEach((batch) -> expected.put(BatchCheck.event(batch), "vedette.batch.completed"));
		jobs.forEach((job) -> job.events().keySet().forEach((id) -> expected.put(id, type(job, id))));
		OutputFiles output = new OutputFiles(output());
		output.readEvents(jobs, this.files);
		output.readBatches(this.files);
		Tally pictures = output.comparePictures(jobs, this.stage.providers());
		output.others().forEach(this.files::takeOddity);
		List<Tally> tallies = new ArrayList<>(
				List.of(this.files.tally(expected), pictures, this.webhook.tally(expected)));
		if (this.broker != null) {
			tallies.add(this.rabbit.tally(expected));
		}
		return tallies;
	}

	private static String type(Load.Item job, String id) {
		return id.endsWith(":job") ? job.fails() ? "vedette.job.failed" : "vedette.job.succeeded"
				: "vedette.face.detected";
	}

	/** Each target has as many rows as it should have events. */
	private void checkRows(Map<String, Integer> delivered, List<Tally> tallies) {
		int expected = tallies.get(0).expected();
		delivered.forEach((target, count) -> {
			if (count != expected) {
				this.journal.problem("%d rows of deliveries to %s; expected %d".formatted(count, target, expected));
			}
		});
	}

	@Override
	public void close() throws IOException {
		this.threads.shutdownNow();
		while (!this.resources.isEmpty()) {
			close(this.resources.pop());
		}
	}

	private static void close(AutoCloseable resource) throws IOException {
		try {
			resource.close();
		}
		catch (IOException | RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IOException(ex);
		}
	}

}
