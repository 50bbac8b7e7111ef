package io.vedette.provider;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.Exchange;

/**
 * A provider that is written down as a table: what is asked, where to read in its reply,
 * and what its words mean. Made by {@link TableReader} when the routes are loaded.
 *
 * @param request what is asked
 * @param good whether a reply is about the job and no error
 * @param status the job's status in a good reply
 * @param code the code of an error
 * @param message the words of an error
 * @param job the id of the job that the reply is about
 * @param progress 0 to 100
 * @param again seconds to wait at least before the next poll
 * @param faces the faces of a succeeded job
 * @param face one of them as {@code {id, imageUrl, mediaType, details}}
 * @param details what the next API call needs
 * @param reason why a job failed
 * @param meanings what statuses and codes mean
 */
record ProviderTable(TableRequest request, Jq good, Jq status, Jq code, Jq message, Jq job, Jq progress, Jq again,
		Jq faces, Jq face, Jq details, Jq reason, Meanings<AnswerClass> meanings) {

	/** From this HTTP status on a reply is one. */
	static final int ERROR = 300;

	/**
	 * Reads a reply and leaves the answer behind: the variables {@code answer},
	 * {@code replyId}, {@code status}, {@code retryAfter} and {@code warning}, and what
	 * {@link Answer} reads as body. A pending answer costs no look at what only a
	 * terminal one has.
	 * @throws IOException if the reply is no JSON, and no error by its HTTP status
	 */
	void read(Exchange exchange, ReplyBody body) throws IOException {
		int http = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, int.class);
		String retryAfter = exchange.getMessage().getHeader("Retry-After", String.class);
		JsonNode reply = body.read(exchange, http >= ERROR);
		exchange.getMessage().removeHeaders("*");
		set(exchange, "retryAfter", retryAfter);
		set(exchange, "replyId", Meanings.word(this.job.first(reply)));
		ObjectNode answer = JsonNodeFactory.instance.objectNode();
		exchange.getMessage().setBody(answer);
		String word = (http < ERROR && isTrue(this.good.first(reply))) ? Meanings.word(this.status.first(reply)) : null;
		AnswerClass type = (word != null) ? readStatus(exchange, answer, reply, word) : readError(answer, reply, http);
		exchange.setVariable("answer", type.label());
	}

	private AnswerClass readStatus(Exchange exchange, ObjectNode answer, JsonNode reply, String word) {
		AnswerClass meaning = this.meanings.of(word);
		exchange.setVariable("status", word);
		if (meaning == null) {
			exchange.setVariable("warning", "status '%s' is unknown".formatted(word));
			meaning = AnswerClass.PENDING;
		}
		put(answer, "progress", this.progress.first(reply));
		switch (meaning) {
			case PENDING -> hint(exchange, this.again.first(reply));
			case SUCCEEDED -> {
				put(answer, "faces", faces(this.faces.listed(reply)));
				put(answer, "details", this.details.first(reply));
			}
			default -> put(answer, "reason", reason(this.reason.first(reply)));
		}
		return meaning;
	}

	/**
	 * The HTTP status decides, or else the code. No error is a success; one that nobody
	 * has listed is no answer.
	 */
	private AnswerClass readError(ObjectNode answer, JsonNode reply, int http) {
		String code = Meanings.word(this.code.first(reply));
		String status = (http >= ERROR) ? Integer.toString(http) : null;
		AnswerClass meaning = this.meanings.of(status);
		meaning = (meaning != null) ? meaning : this.meanings.of(code);
		ObjectNode reason = answer.putObject("reason");
		reason.put("code", (code != null) ? code : status);
		put(reason, "message", this.message.first(reply));
		return (meaning != null && meaning != AnswerClass.SUCCEEDED) ? meaning : AnswerClass.UNAVAILABLE;
	}

	/** Null and nothing are no list: the faces may be there one reply later. */
	private JsonNode faces(JsonNode found) {
		if (found.isNull() || found.isMissingNode()) {
			return found;
		}
		ArrayNode list = JsonNodeFactory.instance.arrayNode();
		if (found.isArray()) {
			found.forEach((item) -> list.add(face(item)));
		}
		else {
			list.add(face(found));
		}
		return list;
	}

	/**
	 * An item that can't be read is a face all the same: the others keep their places.
	 */
	private JsonNode face(JsonNode item) {
		JsonNode read = this.face.first(item);
		if (read.isTextual()) {
			return JsonNodeFactory.instance.objectNode().set("imageUrl", read);
		}
		return read.isObject() ? read : JsonNodeFactory.instance.objectNode();
	}

	private static JsonNode reason(JsonNode found) {
		return found.isTextual() ? JsonNodeFactory.instance.objectNode().set("message", found) : found;
	}

	/** The longer of what the reply says itself and what its header says. */
	private static void hint(Exchange exchange, JsonNode again) {
		String header = exchange.getVariable("retryAfter", String.class);
		double seconds = again.isTextual() ? again.asDouble() : again.doubleValue();
		boolean longer = header == null || header.matches("\\d{1,9}") && Integer.parseInt(header) < seconds;
		if (seconds > 0 && longer) {
			exchange.setVariable("retryAfter", Long.toString((long) Math.ceil(seconds)));
		}
	}

	static boolean isTrue(JsonNode value) {
		return !value.isMissingNode() && !value.isNull() && !(value.isBoolean() && !value.booleanValue());
	}

	static void put(ObjectNode object, String name, JsonNode value) {
		if (!value.isMissingNode() && !value.isNull()) {
			object.set(name, value);
		}
	}

	private static void set(Exchange exchange, String variable, String value) {
		if (value != null) {
			exchange.setVariable(variable, value);
		}
	}

}
