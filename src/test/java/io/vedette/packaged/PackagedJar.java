package io.vedette.packaged;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@code target/vedette.jar} as a user runs it: a process in a directory of its own, with
 * a port and a console.
 */
final class PackagedJar implements AutoCloseable {

	private static final Path JAR = Path.of("target", "vedette.jar").toAbsolutePath();

	private static final Duration MAX_START = Duration.ofSeconds(60);

	private static final ObjectMapper JSON = new ObjectMapper();

	private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final Process process;

	private final Path console;

	private final String url;

	private final String token;

	private PackagedJar(Process process, Path console, int port, String token) {
		this.process = process;
		this.console = console;
		this.url = "http://127.0.0.1:" + port;
		this.token = token;
	}

	/** How a process ended, and how long that took. */
	record End(int exitCode, Duration after) {
	}

	/** The jar that is about to be started in a directory. */
	static Launch in(Path directory) {
		return new Launch(directory);
	}

	/** GET of a path, which must be answered with 200. */
	JsonNode get(String path) throws Exception {
		HttpResponse<String> response = send(request(path).GET());
		assertThat(response.statusCode()).as("GET %s: %s", path, response.body()).isEqualTo(200);
		return JSON.readTree(response.body());
	}

	/** POST of JSON to a path, whatever the answer. */
	HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
		return send(request(path).header("content-type", "application/json").POST(BodyPublishers.ofString(body)));
	}

	/** Registers a load whose jobs are all new. */
	void register(Load load) throws Exception {
		HttpResponse<String> response = post("/jobs", load.requests());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
	}

	/** Whether no job is watched and no delivery is open. */
	boolean isSettled() throws Exception {
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
	String console() throws IOException {
		return Files.readString(this.console);
	}

	/** How many threads it has now. */
	long threads() throws IOException, InterruptedException {
		Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
				Long.toString(this.process.pid()), "Thread.print")
			.start();
		try (var lines = jcmd.inputReader().lines()) {
			return lines.filter((line) -> line.startsWith("\"")).count();
		}
	}

	/** SIGTERM. */
	End stop() throws InterruptedException {
		return end(this.process::destroy);
	}

	/** SIGKILL. */
	End kill() throws InterruptedException {
		return end(this.process::destroyForcibly);
	}

	private End end(Runnable signal) throws InterruptedException {
		long began = System.nanoTime();
		signal.run();
		boolean ended = this.process.waitFor(30, TimeUnit.SECONDS);
		assertThat(ended).as("end within 30 s").isTrue();
		return new End(this.process.exitValue(), Duration.ofNanos(System.nanoTime() - began));
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
	}

	private void awaitService() {
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
	static final class Launch {

		private final Map<String, String> environment = new LinkedHashMap<>();

		private final Map<String, String> arguments = new LinkedHashMap<>();

		private final Path directory;

		private Path jdk = Path.of(System.getProperty("java.home"));

		private Launch(Path directory) {
			this.directory = directory;
		}

		Launch environment(String name, String value) {
			this.environment.put(name, value);
			return this;
		}

		/** A key of the configuration, on the command line. */
		Launch set(String key, String value) {
			this.arguments.put(key, value);
			return this;
		}

		/** Runs on this JDK, not on the one that runs the tests. */
		Launch on(Path home) {
			this.jdk = home;
			return this;
		}

		/** Starts it and waits until it serves. */
		PackagedJar start() {
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

		private PackagedJar run() {
			int port = freePort();
			List<String> command = new ArrayList<>(List.of(this.jdk.resolve("bin/java").toString(), "-Xmx256m",
					"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", JAR.toString(), "--server.port=" + port));
			this.arguments.forEach((key, value) -> command.add("--" + key + "=" + value));
			ProcessBuilder process = new ProcessBuilder(command).directory(this.directory.toFile());
			process.environment().putAll(this.environment);
			try {
				Path console = Files.createTempFile("vedette", ".console");
				console.toFile().deleteOnExit();
				return new PackagedJar(process.redirectErrorStream(true).redirectOutput(console.toFile()).start(),
						console, port, this.environment.get("VEDETTE_INTAKE_TOKEN"));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private static int freePort() {
			try (ServerSocket socket = new ServerSocket(0)) {
				return socket.getLocalPort();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
