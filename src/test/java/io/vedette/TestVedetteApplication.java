package io.vedette;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vedette.standin.ProviderStandIn;
import io.vedette.standin.StandInJob;

import org.springframework.boot.SpringApplication;
import org.springframework.core.env.Environment;

/**
 * Vedette with a stand-in for both providers, and a handful of jobs to watch:
 * {@code ./mvnw spring-boot:test-run}. Needs no key and no network. Command-line
 * arguments win over what is set here.
 */
public final class TestVedetteApplication {

	private static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), true,
			StandardCharsets.UTF_8);

	/** Makes the job ids of this run new. */
	private final String run = Long.toString(System.currentTimeMillis() / 1000 % 1_679_616, 36);

	private final ObjectMapper json = new ObjectMapper();

	private final HttpClient client = HttpClient.newHttpClient();

	/** Jobs that are not finished: provider/jobId. */
	private final List<String> open = new ArrayList<>();

	private final ProviderStandIn standIn;

	private final Environment environment;

	private final String vedette;

	private TestVedetteApplication(ProviderStandIn standIn, Environment environment) {
		this.standIn = standIn;
		this.environment = environment;
		this.vedette = "http://127.0.0.1:" + environment.getProperty("local.server.port");
	}

	public static void main(String[] args) throws Exception {
		ProviderStandIn standIn = new ProviderStandIn().autoJobs("auto");
		for (String provider : List.of("akool", "crun")) {
			setDefault("vedette.providers." + provider + ".base-url", standIn.baseUrl());
			setDefault("vedette.providers." + provider + ".api-key", standIn.key(provider));
		}
		setDefault("vedette.egress.allow", "127.0.0.1");
		// The line about each finished job is the demonstration's, with where its faces
		// are.
		setDefault("logging.level.io.vedette.job.finished", "warn");
		Environment environment = SpringApplication.from(VedetteApplication::main)
			.run(args)
			.getApplicationContext()
			.getEnvironment();
		new TestVedetteApplication(standIn, environment).demonstrate();
	}

	/** System properties win over files and environment, and lose to arguments. */
	private static void setDefault(String key, String value) {
		System.getProperties().putIfAbsent(key, value);
	}

	private void demonstrate() throws InterruptedException {
		try {
			OUT.printf("%nThe page: %s/%n", this.vedette);
			register();
			OUT.printf("%nWatching %d jobs at the stand-in %s%n%n", this.open.size(), this.standIn.baseUrl());
			follow();
			OUT.println(whatToTryNext());
		}
		catch (IOException ex) {
			OUT.println("The demonstration ends here: " + ex);
		}
	}

	private void register() throws IOException, InterruptedException {
		register("akool", this.standIn.akool("video-" + this.run).finishesAfter(Duration.ofSeconds(8)).withFaces(3));
		register("akool", this.standIn.akool("empty-" + this.run).finishesAfter(Duration.ofSeconds(2)).withoutFaces());
		register("akool", this.standIn.akool("broken-" + this.run).finishesAfter(Duration.ofSeconds(4)).failing());
		register("crun", this.standIn.crun("pair-" + this.run).finishesAfter(Duration.ofSeconds(3)).withFaces(2));
		register("crun", this.standIn.crun("group-" + this.run).finishesAfter(Duration.ofSeconds(5)).withFaces(5));
		register("crun", this.standIn.crun("nobody-" + this.run).finishesAfter(Duration.ofSeconds(2)).withoutFaces());
	}

	private void register(String provider, StandInJob job) throws IOException, InterruptedException {
		String baseUrl = this.environment.getProperty("vedette.providers." + provider + ".base-url");
		if (this.standIn.baseUrl().equals(baseUrl)) {
			JsonNode body = this.json.createObjectNode().put("provider", provider).put("jobId", job.id());
			call(request("/jobs").header("content-type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString(body.toString())));
			this.open.add(provider + "/" + job.id());
		}
	}

	private void follow() throws IOException, InterruptedException {
		while (!this.open.isEmpty()) {
			Thread.sleep(1000);
			for (String path : List.copyOf(this.open)) {
				JsonNode job = call(request("/jobs/" + path));
				if (isFinished(job)) {
					OUT.printf("%-20s  %-9s  %s%n", path, job.path("status").asText(), outcome(path, job));
					this.open.remove(path);
				}
			}
		}
	}

	private static boolean isFinished(JsonNode job) {
		boolean settled = true;
		for (JsonNode delivery : job.path("deliveries")) {
			settled &= Set.of("DELIVERED", "DEAD").contains(delivery.path("status").asText());
		}
		return settled && !job.path("status").asText().equals("WATCHING");
	}

	private String outcome(String path, JsonNode job) {
		if (!job.path("status").asText().equals("SUCCEEDED")) {
			JsonNode reason = job.path("reason");
			return reason.isObject() ? reason.path("code").asText() + ": " + reason.path("message").asText()
					: reason.asText();
		}
		int faces = job.path("faces").size();
		return "%d %s  ->  %s/out/%s".formatted(faces, (faces == 1) ? "face" : "faces", data(), path);
	}

	private String whatToTryNext() {
		return """

				What to try next (Vedette keeps running until Ctrl-C):
				  curl %1$s/jobs
				  curl %1$s/jobs/crun/%2$s
				  cat %3$s/out/crun/%2$s/face-0.json
				A job of your own. The stand-in knows every auto-<milliseconds>-<faces>-<anything>:
				  curl -H 'content-type: application/json' -d '{"provider":"akool","jobId":"auto-5000-2-%4$s"}' %1$s/jobs
				  curl %1$s/jobs/akool/auto-5000-2-%4$s
				"""
			.formatted(this.vedette, "pair-" + this.run, data(), this.run);
	}

	private String data() {
		return this.environment.getProperty("vedette.data", "data");
	}

	private HttpRequest.Builder request(String path) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.vedette + path));
		String token = this.environment.getProperty("vedette.intake-token", "");
		return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
	}

	private JsonNode call(HttpRequest.Builder request) throws IOException, InterruptedException {
		HttpResponse<String> response = this.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
		if (response.statusCode() >= 300) {
			throw new IOException("HTTP %d %s".formatted(response.statusCode(), response.body()));
		}
		return this.json.readTree(response.body());
	}

}
