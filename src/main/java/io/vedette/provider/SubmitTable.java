package io.vedette.provider;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpMethods;

/**
 * How media is submitted to a provider, written down as a table. Made by
 * {@link TableReader} when the routes are loaded.
 *
 * @param url where it is submitted
 * @param path makes what is added to the url
 * @param body makes the JSON of the POST
 * @param headers that are always the same
 * @param key where the key goes
 * @param idempotency name of the header by which the provider knows a request that it has
 * had before, or null: then it is never sent twice
 * @param good whether a reply says that the media was taken
 * @param id of the job, in a good reply
 * @param code the code of an error
 * @param message the words of an error
 * @param meanings what codes mean
 */
record SubmitTable(URI url, Jq path, Jq body, Map<String, String> headers, TableKey key, String idempotency, Jq good,
		Jq id, Jq code, Jq message, Meanings<SubmitAnswer> meanings) {

	/**
	 * Writes the request for the media in the variables {@code mediaUrl} and
	 * {@code mediaKind}, in the trace of its job if it has one.
	 */
	void write(Exchange exchange) {
		Map<String, String> media = media(exchange.getVariable("mediaUrl", String.class),
				exchange.getVariable("mediaKind", String.class));
		Message message = exchange.getMessage();
		String path = path(media);
		if (!path.isEmpty()) {
			message.setHeader(Exchange.HTTP_PATH, path);
		}
		message.setHeader(Exchange.HTTP_METHOD, HttpMethods.POST);
		message.setHeader(Exchange.CONTENT_TYPE, "application/json");
		this.headers.forEach(message::setHeader);
		if (this.idempotency != null) {
			message.setHeader(this.idempotency, exchange.getVariable("encodedRequestId", String.class));
		}
		TableRequest.join(message, exchange.getVariable("sender", Pollable.class));
		// Bytes: to text camel-http adds a charset parameter of its own.
		message.setBody(body(media).toString().getBytes(StandardCharsets.UTF_8));
	}

	static Map<String, String> media(String url, String kind) {
		Map<String, String> media = new LinkedHashMap<>();
		media.put("mediaUrl", url);
		media.put("mediaKind", kind);
		return media;
	}

	/** Nothing of the URL is in it: who has it submitted does not choose where. */
	String path(Map<String, String> media) {
		return this.path.first(NullNode.getInstance(), media("", media.get("mediaKind"))).asText();
	}

	JsonNode body(Map<String, String> media) {
		return this.body.first(NullNode.getInstance(), media);
	}

	/**
	 * Reads a reply and leaves behind the variables {@code answer}, {@code newJobId},
	 * {@code retryAfter} and {@code warning}, and {@code {reason}} as body.
	 * @throws IOException if the reply is no JSON, and no error by its HTTP status
	 */
	void read(Exchange exchange, ReplyBody body) throws IOException {
		int http = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, int.class);
		String retryAfter = exchange.getMessage().getHeader("Retry-After", String.class);
		boolean error = http >= ProviderTable.ERROR;
		JsonNode reply = body.read(exchange, error);
		exchange.getMessage().removeHeaders("*");
		exchange.setVariable("retryAfter", retryAfter);
		ObjectNode answer = JsonNodeFactory.instance.objectNode();
		exchange.getMessage().setBody(answer);
		boolean taken = !error && ProviderTable.isTrue(this.good.first(reply));
		SubmitAnswer meaning = taken ? readId(exchange, reply) : readError(exchange, answer, reply, error, http);
		exchange.setVariable("answer", meaning.label());
	}

	private SubmitAnswer readId(Exchange exchange, JsonNode reply) {
		String jobId = Meanings.word(this.id.first(reply));
		exchange.setVariable("newJobId", jobId);
		if (jobId == null) {
			exchange.setVariable("warning", "the reply names no id");
		}
		return (jobId != null) ? SubmitAnswer.ACCEPTED : SubmitAnswer.UNKNOWN;
	}

	/** What nobody has listed may mean anything: the HTTP status decides, or the code. */
	private SubmitAnswer readError(Exchange exchange, ObjectNode answer, JsonNode reply, boolean error, int http) {
		String code = Meanings.word(this.code.first(reply));
		String status = error ? Integer.toString(http) : null;
		SubmitAnswer meaning = this.meanings.of(status);
		meaning = (meaning != null) ? meaning : this.meanings.of(code);
		ObjectNode reason = answer.putObject("reason").put("code", (code != null) ? code : status);
		ProviderTable.put(reason, "message", this.message.first(reply));
		if (meaning == null) {
			exchange.setVariable("warning", "the provider answers with %s".formatted(
					(code != null) ? "code " + code : (status != null) ? "HTTP " + status : "something unknown"));
		}
		return (meaning != null) ? meaning : SubmitAnswer.UNKNOWN;
	}

}
