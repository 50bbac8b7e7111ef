package io.vedette.provider;

import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.NullNode;
import io.vedette.config.ConfigurationProblem;
import io.vedette.config.DidYouMean;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/**
 * Reads the table of a provider once, and says which parameter of which route is wrong.
 */
final class TableReader {

	private static final List<String> ANSWERS = Arrays.stream(AnswerClass.values()).map(AnswerClass::label).toList();

	private static final List<String> SUBMIT_ANSWERS = Stream
		.of(SubmitAnswer.FAILED, SubmitAnswer.THROTTLED, SubmitAnswer.REFUSED, SubmitAnswer.AGAIN)
		.map(SubmitAnswer::label)
		.toList();

	private static final String SAMPLE = "https://example.com/media";

	private final String routeId;

	private final Map<String, String> values;

	/**
	 * A reader of one table.
	 * @param routeId of the table
	 * @param values of its parameters, placeholders resolved
	 */
	TableReader(String routeId, Map<String, String> values) {
		this.routeId = routeId;
		this.values = values;
	}

	/**
	 * Reads it.
	 * @param known names of the template's parameters
	 * @throws ConfigurationProblem if it can't be read
	 */
	ProviderTable read(List<String> known) {
		checkNames(known, Providers.ROUTE_PREFIX);
		return new ProviderTable(request(), jq("good"), requiredJq("status"), jq("code"), jq("message"), jq("job"),
				jq("progress"), jq("again"), jq("faces"), jq("face"), jq("details"), jq("reason"),
				meanings(ANSWERS, AnswerClass::of, AnswerClass::label));
	}

	/**
	 * Reads one that says how media is submitted.
	 * @param known names of the template's parameters
	 * @throws ConfigurationProblem if it can't be read
	 */
	SubmitTable readSubmission(List<String> known) {
		checkNames(known, Providers.SUBMIT_PREFIX);
		SubmitTable table = new SubmitTable(url(), jq("path"), requiredJq("body"), headers(), key(), idempotency(),
				jq("good"), requiredJq("id"), jq("code"), jq("message"),
				meanings(SUBMIT_ANSWERS, SubmitAnswer::of, SubmitAnswer::label));
		Stream.of("image", "video", "gif", null).map((kind) -> SubmitTable.media(SAMPLE, kind)).forEach((media) -> {
			if (!table.body(media).toString().contains(SAMPLE)) {
				throw problem("body",
						"the media URL is nowhere in it for the kind %s; expected jq as in {url: $mediaUrl}"
							.formatted(media.get("mediaKind")),
						"Write $mediaUrl where the API's page has it.");
			}
			if (!table.path(media).matches("([A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*)?")) {
				throw problem("path",
						"\"%s\" for the kind %s; expected text as in \"images\", without a slash before it"
							.formatted(table.path(media), media.get("mediaKind")),
						"Correct it.");
			}
		});
		return table;
	}

	private void checkNames(List<String> known, String prefix) {
		this.values.keySet().stream().filter((name) -> !known.contains(name)).findFirst().ifPresent((name) -> {
			throw problem(name, "unknown; expected one of %s".formatted(known),
					DidYouMean.of(name, known) + "Correct the name.");
		});
		if (!this.routeId.equals(prefix + required("provider"))) {
			throw problem("provider",
					"\"%s\"; expected what is behind %s in the route's id".formatted(text("provider"), prefix),
					"Give both the same name.");
		}
	}

	private String idempotency() {
		String header = text("idempotency");
		if (!header.isEmpty() && !header.matches("(?i)(?!camel)[a-z0-9-]+")) {
			throw problem("idempotency", "\"%s\"; expected the name of a header".formatted(header),
					"Write it as in Idempotency-Key, or leave it out.");
		}
		return header.isEmpty() ? null : header;
	}

	private TableRequest request() {
		TableRequest request = new TableRequest(url(), address("path"), address("query"),
				text("body").isEmpty() ? null : body(), headers(), key());
		boolean asksForIt = (request.path() + request.query()).contains(TableRequest.ID)
				|| request.path().equals(TableRequest.URL) || text("body").contains("$jobId");
		if (!asksForIt) {
			throw problem("query", "the job's id is nowhere in the request; expected {jobId} in path or query, "
					+ "or $jobId in the body", "Write it where the API's page has it.");
		}
		if (request.path().startsWith("/") || request.path().contains("?")) {
			throw problem("path", "begins with a slash or holds a query; expected what follows the url, as in {jobId}",
					"Cut the slash off, or move the query to the parameter query.");
		}
		return request;
	}

	private String address(String name) {
		String address = text(name);
		if (address.replace(TableRequest.ID, "").contains("{") && !address.equals(TableRequest.URL)) {
			throw problem(name,
					"\"%s\"; expected nothing in braces but {jobId}, or {jobUrl} as the whole path".formatted(address),
					DidYouMean.of(address, List.of(TableRequest.ID, TableRequest.URL)) + "Correct it.");
		}
		return address;
	}

	private URI url() {
		String url = required("url");
		if (!url.matches("(?i)https?://[^/?#@\\s{}]+(/[^/?#\\s{}]+)*")) {
			throw problem("url",
					"not http:// or https://, a host and a path, or it ends in a slash, "
							+ "has two in a row, a query or a fragment; expected as in https://api.example.com/v1/jobs",
					"Correct it, or the base-url of vedette.providers that it begins with.");
		}
		return URI.create(url);
	}

	private Jq body() {
		Jq body = jq("body");
		if (body.first(NullNode.getInstance(), "id").isMissingNode()) {
			throw problem("body", "makes no JSON; expected jq as in {task_id: $jobId}", "Correct it.");
		}
		return body;
	}

	private Map<String, String> headers() {
		Map<String, String> headers = new LinkedHashMap<>();
		text("headers").lines().filter((line) -> !line.isBlank()).forEach((line) -> {
			if (!line.matches("(?i)(?!camel)[a-z0-9-]+: *[^\\s{}][^{}]*")) {
				throw problem("headers", "\"%s\"; expected a header as in X-Version: 2".formatted(line.strip()),
						"Write one a line; the key has a parameter of its own.");
			}
			headers.put(line.split(":", 2)[0], line.split(":", 2)[1].strip());
		});
		return headers;
	}

	/** What it says is not shown: it may be the key itself. */
	private TableKey key() {
		TableKey key = TableKey.parse(required("key"));
		if (key == null) {
			throw problem("key",
					"neither a header nor a query parameter that takes the key; expected as in "
							+ "x-api-key: {key}, Authorization: Bearer {key} or ?token={key}",
					"Write {key} where the key belongs, and the key itself into vedette.providers.%s.api-key."
						.formatted(text("provider")));
		}
		return key;
	}

	private <A> Meanings<A> meanings(List<String> answers, Function<String, A> of, Function<A, String> label) {
		Meanings<A> meanings = new Meanings<>();
		required("means").lines().filter((line) -> !line.isBlank()).forEach((line) -> {
			String[] parts = line.split(":", 2);
			A meaning = of.apply(answer(parts[0].strip(), answers));
			String words = (parts.length == 2) ? parts[1] : "";
			Arrays.stream(words.split(",")).map(String::strip).filter((word) -> !word.isEmpty()).forEach((word) -> {
				A other = meanings.add(word, meaning);
				if (other != null && other != meaning) {
					throw problem("means", "\"%s\" is both %s and %s; expected one meaning a word".formatted(word,
							label.apply(other), label.apply(meaning)), "Take it out of one of the two lines.");
				}
			});
		});
		return meanings;
	}

	private String answer(String name, List<String> answers) {
		if (!answers.contains(name)) {
			throw problem("means", "\"%s\" is no answer; expected lines that begin with one of %s and a colon"
				.formatted(name, answers), DidYouMean.of(name, answers) + "Correct the line.");
		}
		return name;
	}

	private Jq requiredJq(String name) {
		required(name);
		return jq(name);
	}

	private Jq jq(String name) {
		try {
			return Jq.compile(text(name));
		}
		catch (JsonQueryException | RuntimeException ex) {
			throw problem(name, "no jq: %s; expected a jq program as in .data.status"
				.formatted(String.valueOf(ex.getMessage()).replaceAll("\\s+", " ")), "Correct the program.");
		}
	}

	private String required(String name) {
		if (text(name).isEmpty()) {
			throw problem(name, "missing; expected %s".formatted(purpose(name)), "Add it to the route's parameters.");
		}
		return text(name);
	}

	private static String purpose(String name) {
		return switch (name) {
			case "provider" -> "the provider's name";
			case "url" -> "where to ask";
			case "key" -> "where the key goes, as in x-api-key: {key}";
			case "status" -> "jq of the job's status";
			case "id" -> "jq of the job's id";
			case "body" -> "jq of the JSON to send, as in {url: $mediaUrl}";
			default -> "what the provider's words mean, a line an answer";
		};
	}

	private String text(String name) {
		return this.values.getOrDefault(name, "").strip();
	}

	private ConfigurationProblem problem(String parameter, String what, String action) {
		return new ConfigurationProblem("route \"%s\", parameter \"%s\": %s.".formatted(this.routeId, parameter, what),
				"%s The route is in %s.camel.yaml: in routes/ where Vedette is started, or else the packaged one."
					.formatted(action,
							this.routeId.replaceFirst("^" + Providers.SUBMIT_PREFIX, Providers.ROUTE_PREFIX)));
	}

}
