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
import java.util.HashSet;
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

	/** Far longer than any outage: a delivery dies of none. */
	private static final String RETRY = "200ms,500ms,1s,2s" + ",3s".repeat(60);

	private final Deque<AutoCloseable> resources = new ArrayDeque<>();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Stage stage = open(new Stage());

	private final Bodies bodies = new Bodies();

	private final Received webhook;

	private final Received rabbit;

	private final Received files;

	private final Ledger ledger = new Ledger();

	private final Map<String, TcpProxy> wires = new HashMap<>();

	private final List<RigNode> nodes = new ArrayList<>();

	private final RigOptions options;

	private final Path directory;

	private final Journal journal;

	private final Progress progress;

	private final WireFaults faults;

	private final Outages outages;

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
		this.progress = new Progress(options, this.webhook::size);
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
		this.stage.providers().override(this.faults::atProviders);
		this.stage.webhook().forgetRequests();
		this.stage.webhook().answers(this::answerWebhook);
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
			.heap("512m")
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
		new Settling(this.nodes, this.broker, this.journal, this::arrived).await();
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

	private void wreakHavoc() throws Exception {
		Feeder feeder = new Feeder(this.options, this.nodes, this.ledger, this.progress, this.journal);
		Chaos chaos = new Chaos(this.options, LEASE, this.progress);
		List<Future<?>> work = new ArrayList<>();
		for (int i = 0; i < this.nodes.size(); i++) {
			int number = i;
			work.add(submit(() -> chaos.befall(this.nodes.get(number), number)));
		}
		work.add(submit(() -> feeder.feed(feeder::post, 1)));
		work.add(submit(() -> feeder.feed((batch, random) -> feeder.write(batch, random), 2)));
		if (this.broker != null) {
			work.add(submit(() -> feeder.feed((batch, random) -> feeder.publish(this.broker, batch), 3)));
		}
		Future<?> cuts = submit(this.outages::run);
		join(work);
		this.outages.end();
		join(List.of(cuts));
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
			Collection<Load.Item> stored = rows.checkJobs(this.ledger, this.journal);
			rows.checkOwners(this.journal);
			Collection<Load.Item> jobs = owed(stored);
			List<Tally> tallies = compare(jobs);
			checkRows(rows.checkDeliveries(this.journal), tallies);
			return new RigReport(this.options, jobs.size(), jobs.stream().mapToInt(Load.Item::faces).sum(),
					time.toSeconds(), this.journal.counts(), tallies, this.journal.problems());
		}
	}

	/**
	 * Jobs whose events must arrive: those that were accepted, and those that were stored
	 * although nobody heard of it.
	 */
	private Collection<Load.Item> owed(Collection<Load.Item> stored) {
		Set<Load.Item> owed = new HashSet<>(stored);
		this.ledger.offered().stream().filter(this.ledger::isAccepted).forEach(owed::add);
		return owed;
	}

	private List<Tally> compare(Collection<Load.Item> jobs) throws IOException {
		Map<String, String> expected = new HashMap<>();
		jobs.forEach((job) -> job.events().keySet().forEach((id) -> expected.put(id, type(job, id))));
		OutputFiles output = new OutputFiles(output());
		output.readEvents(jobs, this.files);
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
