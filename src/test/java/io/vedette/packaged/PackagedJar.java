package io.vedette.packaged;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.vedette.standin.FreePort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@code target/vedette.jar} as a user runs it: a process in a directory of its own, with
 * a port and a console.
 */
public final class PackagedJar implements AutoCloseable {

	static final Path JAR = Path.of("target", "vedette.jar").toAbsolutePath();

	public static final Path SCRIPT = Path.of("bin", "vedette").toAbsolutePath();

	/** The start script is one of the shell. */
	private static final boolean HAS_SHELL = Files.isExecutable(Path.of("/bin/sh"));

	/** Even on a machine that has much else to do. */
	private static final Duration MAX_START = Duration.ofMinutes(6);

	/** Longer than a stop may take: then it is killed. */
	private static final Duration MAX_STOP = Duration.ofSeconds(30);

	private static final ObjectMapper JSON = new ObjectMapper();

	private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	/** Those that run now: a test run that is interrupted leaves none of them behind. */
	private static final Set<Process> running = ConcurrentHashMap.newKeySet();

	static {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> running.forEach(Process::destroyForcibly)));
	}

	private final Process process;

	private final Path console;

	private final String url;

	private final String token;

	private PackagedJar(Process process, Path console, int port, String token) {
		this.process = process;
		running.add(process);
		process.onExit().thenAccept(running::remove);
		this.console = console;
		this.url = "http://127.0.0.1:" + port;
		this.token = token;
	}

	/** How a process ended, and how long that took. */
	public record End(int exitCode, Duration after) {
	}

	/** What it printed, and how it ended. */
	record Answer(int exitCode, String text) {
	}

	/** Runs it with one argument alone, and waits until it ends. */
	static Answer ask(Path directory, String argument) throws IOException, InterruptedException {
		return ask(directory, List.of(), argument);
	}

	/** The same, from a JVM with options. */
	static Answer ask(Path directory, List<String> options, String argument) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(options);
		command.addAll(List.of("-jar", JAR.toString(), argument));
		Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
		String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return new Answer(process.waitFor(), text);
	}

	/** The jar that is about to be started in a directory. */
	public static Launch in(Path directory) {
		return new Launch(directory);
	}

	/** GET of a path, which must be answered with 200. */
	public JsonNode get(String path) throws Exception {
		HttpResponse<String> response = send(request(path).GET());
		assertThat(response.statusCode()).as("GET %s: %s", path, response.body()).isEqualTo(200);
		return JSON.readTree(response.body());
	}

	/** POST of JSON to a path, whatever the answer. */
	public HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
		return send(request(path).header("content-type", "application/json").POST(BodyPublishers.ofString(body)));
	}

	/** Registers a load whose jobs are all new. */
	void register(Load load) throws Exception {
		HttpResponse<String> response = post("/jobs", load.requests());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
	}

	/** Whether no job is watched and no delivery is open. */
	public boolean isSettled() throws Exception {
		return get("/jobs?status=WATCHING&limit=1").path("jobs").isEmpty()
				&& get("/deliveries?status=PENDING&limit=1").path("deliveries").isEmpty();
	}

	private HttpRequest.Builder request(String path) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.url + path));
		return (this.token != null) ? request.header("Authorization", "Bearer " + this.token) : request;
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return CLIENT.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
	}

	/** Everything it has printed so far. */
	public String console() throws IOException {
		return Files.readString(this.console);
	}

	/** How many threads it has now. */
	public long threads() throws IOException {
		return threadDump().lines().filter((line) -> line.startsWith("\"")).count();
	}

	/** What each of its threads does now. */
	public String threadDump() throws IOException {
		return jcmd("Thread.print");
	}

	public ProcessHandle process() {
		return this.process.toHandle();
	}

	/** Bytes of heap that are in use once the garbage is collected. */
	public long liveHeap() throws IOException {
		String total = jcmd("GC.class_histogram").lines().reduce((first, last) -> last).orElseThrow();
		return Long.parseLong(total.strip().split(" +")[2]);
	}

	private String jcmd(String command) throws IOException {
		Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
				Long.toString(this.process.pid()), command)
			.start();
		return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	/** SIGTERM. */
	public End stop() throws InterruptedException {
		return end(this.process::destroy);
	}

	/** SIGKILL. */
	public End kill() throws InterruptedException {
		return end(this.process::destroyForcibly);
	}

	/** SIGSTOP: it stands still in the middle of whatever it does. */
	public void freeze() throws IOException, InterruptedException {
		Signals.send(process(), "STOP");
	}

	/** SIGCONT: it goes on as if no time had passed. */
	public void thaw() throws IOException, InterruptedException {
		Signals.send(process(), "CONT");
	}

	/**
	 * Lets no file of it grow beyond so many bytes: for a database, a disk that is full.
	 * @param bytes a number, or {@code unlimited}
	 */
	void limitFiles(String bytes) throws IOException, InterruptedException {
		Signals.run("prlimit", "--pid", Long.toString(this.process.pid()), "--fsize=" + bytes + ":");
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	private End end(Runnable signal) throws InterruptedException {
		long began = System.nanoTime();
		signal.run();
		if (!this.process.waitFor(MAX_STOP.toSeconds(), TimeUnit.SECONDS)) {
			this.process.destroyForcibly().waitFor();
		}
		return new End(this.process.exitValue(), Duration.ofNanos(System.nanoTime() - began));
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
	}

	/** Waits until it serves; fails if it ends before. */
	public void awaitService() {
		await().atMost(MAX_START).pollInterval(Duration.ofMillis(100)).until(() -> {
			assertThat(this.process.isAlive()).as(console()).isTrue();
			try {
				return send(request("/jobs").GET()).statusCode() == 200;
			}
			catch (ConnectException ex) {
				return false;
			}
		});
	}

	/** Environment and arguments of a process that is about to be started. */
	public static final class Launch {

		private final Map<String, String> environment = new LinkedHashMap<>();

		private final Map<String, String> arguments = new LinkedHashMap<>();

		private final Path directory;

		private String heap = "256m";

		private boolean optimized;

		private boolean trained = HAS_SHELL;

		private int port = FreePort.find();

		private Path console;

		private Path script;

		private Path jdk = Path.of(System.getProperty("java.home"));

		private Path jar = JAR;

		private Launch(Path directory) {
			this.directory = directory;
		}

		public Launch environment(String name, String value) {
			this.environment.put(name, value);
			return this;
		}

		/** A key of the configuration, on the command line. */
		public Launch set(String key, String value) {
			this.arguments.put(key, value);
			return this;
		}

		/** Runs on this JDK, not on the one that runs the tests. */
		Launch on(Path home) {
			this.jdk = home;
			return asJar();
		}

		/** Another build of it. */
		public Launch jar(Path file) {
			this.jar = file.toAbsolutePath();
			return asJar();
		}

		/**
		 * By {@code java -jar}; others start as they were trained to, which is quicker.
		 */
		Launch asJar() {
			this.trained = false;
			return this;
		}

		/** Its largest heap, as {@code -Xmx} takes it. */
		public Launch heap(String size) {
			this.heap = size;
			return this;
		}

		/**
		 * With the JVM's own defaults, as in production; tests prefer a quick start and a
		 * small process.
		 */
		public Launch optimized() {
			this.optimized = true;
			return asJar();
		}

		/** Listens there, not on any free port. */
		public Launch port(int number) {
			this.port = number;
			return this;
		}

		/**
		 * Calls this script, which knows the jar and chooses the JVM's options itself.
		 */
		public Launch by(Path startScript) {
			this.script = startScript;
			return asJar();
		}

		/** Appends what it prints to this file, not to one of its own. */
		public Launch console(Path file) {
			this.console = file;
			return this;
		}

		/** Starts it and waits until it serves. */
		public PackagedJar start() {
			PackagedJar jar = run();
			try {
				jar.awaitService();
				return jar;
			}
			catch (Throwable ex) {
				jar.process.destroyForcibly();
				throw ex;
			}
		}

		/** Starts it and waits until it has given up; its console. */
		String startInVain() throws Exception {
			try (PackagedJar jar = run()) {
				boolean ended = jar.process.waitFor(MAX_START.toSeconds(), TimeUnit.SECONDS);
				assertThat(ended).as("end by itself: %s", jar.console()).isTrue();
				assertThat(jar.process.exitValue()).as("exit code").isEqualTo(1);
				return jar.console();
			}
		}

		/** Starts it and does not wait. */
		public PackagedJar run() {
			List<String> options = new ArrayList<>(List.of("-Xmx" + this.heap));
			if (!this.optimized) {
				options.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
			}
			List<String> command = new ArrayList<>();
			if (this.trained) {
				this.environment.put("JAVA_OPTS", String.join(" ", options));
				this.script = TrainedStart.script();
			}
			if (this.script != null) {
				this.environment.put("JAVA_HOME", this.jdk.toString());
				command.add(this.script.toString());
			}
			else {
				command.add(this.jdk.resolve("bin/java").toString());
				command.addAll(options);
				command.addAll(List.of("-jar", this.jar.toString()));
			}
			command.add("--server.port=" + this.port);
			this.arguments.forEach((key, value) -> command.add("--" + key + "=" + value));
			ProcessBuilder process = new ProcessBuilder(command).directory(this.directory.toFile());
			process.environment().putAll(this.environment);
			try {
				Path file = (this.console != null) ? this.console : temporaryFile();
				process.redirectErrorStream(true).redirectOutput(Redirect.appendTo(file.toFile()));
				return new PackagedJar(process.start(), file, this.port, this.environment.get("VEDETTE_INTAKE_TOKEN"));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private static Path temporaryFile() throws IOException {
			Path file = Files.createTempFile("vedette", ".console");
			file.toFile().deleteOnExit();
			return file;
		}

	}

}
