package io.vedette.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.text.ForeignText;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;

/** A command that asks a running Vedette by its REST API. */
abstract class ClientCommand implements Callable<Integer> {

	private static final Duration LONGEST = Duration.ofSeconds(60);

	@Option(names = "--url", paramLabel = "URL",
			description = { "Where Vedette listens. Without it: on this machine, at server.port of the configuration.",
					"Its token is read from the environment: VEDETTE_INTAKE_TOKEN." })
	private URI url;

	@Option(names = "--json", description = "Prints the answer as JSON.")
	private boolean json;

	@Spec
	private CommandSpec spec;

	@Override
	public final Integer call() throws IOException, InterruptedException {
		ConfigurableEnvironment environment = new StandardEnvironment();
		ConfigDataEnvironmentPostProcessor.applyTo(environment);
		JsonNode answer = ask(environment);
		if (this.json) {
			out().println(answer.toPrettyString());
		}
		else {
			print(answer);
		}
		return 0;
	}

	/** The call, with a path of the API. */
	abstract HttpRequest.Builder request(Call to) throws IOException;

	/** Prints an answer for a person. */
	abstract void print(JsonNode answer);

	private JsonNode ask(ConfigurableEnvironment environment) throws IOException, InterruptedException {
		String root = (this.url != null) ? this.url.toString().replaceFirst("/+$", "") : configured(environment);
		HttpRequest.Builder call = request((path) -> builder(root + path)).timeout(LONGEST);
		authorize(call, environment.getProperty("vedette.intake-token", ""));
		try {
			return read(HttpClient.newHttpClient().send(call.build(), HttpResponse.BodyHandlers.ofString()), root);
		}
		catch (IOException ex) {
			throw new CommandProblem(VedetteCommand.FAULT,
					"no answer from %s (%s). Start Vedette, or say with --url where it listens.".formatted(root,
							ex.getClass().getSimpleName()));
		}
	}

	/** Why a token is refused the client would say with the token. */
	private static void authorize(HttpRequest.Builder call, String token) {
		try {
			if (!token.isEmpty()) {
				call.header("Authorization", "Bearer " + token);
			}
		}
		catch (IllegalArgumentException ex) {
			throw new CommandProblem(VedetteCommand.FAULT,
					"VEDETTE_INTAKE_TOKEN: holds what no header can; expected printable text. Correct it.");
		}
	}

	private static HttpRequest.Builder builder(String uri) {
		try {
			return HttpRequest.newBuilder(URI.create(uri));
		}
		catch (IllegalArgumentException ex) {
			throw new CommandProblem(VedetteCommand.USAGE,
					"--url: no URL; expected one such as http://127.0.0.1:8080. Correct it.");
		}
	}

	/** One that listens on every address listens on this one. */
	private static String configured(ConfigurableEnvironment environment) {
		String address = environment.getProperty("server.address", "");
		String host = (address.isEmpty() || address.equals("0.0.0.0") || address.equals("::")) ? "127.0.0.1" : address;
		return "http://%s:%s".formatted(host.contains(":") ? "[" + host + "]" : host,
				environment.getProperty("server.port", "8080"));
	}

	private static JsonNode read(HttpResponse<String> response, String root) {
		// No application is started that could lend its own.
		JsonMapper json = JsonMapper.builder().build();
		JsonNode answer;
		try {
			answer = json.readTree(response.body());
		}
		catch (JsonProcessingException ex) {
			answer = json.missingNode();
		}
		if (!answer.isObject()) {
			throw new CommandProblem(VedetteCommand.FAULT,
					"%s answers with status %d, and no JSON. Say with --url where Vedette listens.".formatted(root,
							response.statusCode()));
		}
		if (response.statusCode() >= 300) {
			// What makes no sense to Vedette was written by the caller.
			throw new CommandProblem((response.statusCode() == 400) ? VedetteCommand.USAGE : VedetteCommand.FAULT,
					ForeignText.printable(answer.path("detail")
						.asText("%s answers with status %d".formatted(root, response.statusCode()))));
		}
		return answer;
	}

	/** What has a value, as a query. */
	static String query(Map<String, ?> values) {
		return values.entrySet()
			.stream()
			.filter((entry) -> Objects.nonNull(entry.getValue()))
			.map((entry) -> entry.getKey() + "="
					+ URLEncoder.encode(entry.getValue().toString(), StandardCharsets.UTF_8))
			.collect(Collectors.joining("&", "?", ""));
	}

	final PrintWriter out() {
		return this.spec.commandLine().getOut();
	}

	/** A call of a path. */
	interface Call {

		HttpRequest.Builder path(String path);

	}

}
