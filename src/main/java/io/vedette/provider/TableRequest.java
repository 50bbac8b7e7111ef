package io.vedette.provider;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpMethods;

/**
 * What a provider's table asks for a job. The host is that of the route's endpoint,
 * whatever the job's id is: nothing here can send the key elsewhere.
 *
 * @param url where it is asked, without what the others add
 * @param path added to the url, {@code {jobId}} in it filled in; or {@code {jobUrl}}
 * where the id is a URL below the url
 * @param query the same for the query
 * @param body makes the JSON of a POST; null for a GET
 * @param headers that are always the same
 * @param key where the key goes
 */
record TableRequest(URI url, String path, String query, Jq body, Map<String, String> headers, TableKey key) {

	static final String ID = "{jobId}";

	static final String URL = "{jobUrl}";

	/**
	 * Writes the request for the job in the variables {@code jobId} and
	 * {@code encodedJobId}, in its trace if it has one.
	 * @return false, with the answer, if the id is not one that can be asked for here
	 */
	boolean write(Exchange exchange) {
		String id = exchange.getVariable("jobId", String.class);
		Message message = exchange.getMessage();
		if (this.path.equals(URL)) {
			JobUrl below = JobUrl.below(this.url, id);
			if (below == null) {
				refuse(exchange);
				return false;
			}
			address(message, below.path(), (below.query() != null) ? below.query() : this.query);
		}
		else {
			String encoded = exchange.getVariable("encodedJobId", String.class);
			address(message, this.path.replace(ID, encoded), this.query.replace(ID, encoded));
		}
		// No text: to make a method of it Camel looks through all its converters, a
		// quarter
		// of what a poll costs.
		message.setHeader(Exchange.HTTP_METHOD, (this.body != null) ? HttpMethods.POST : HttpMethods.GET);
		this.headers.forEach(message::setHeader);
		join(message, exchange.getVariable("watch", Pollable.class));
		if (this.body != null) {
			message.setHeader(Exchange.CONTENT_TYPE, "application/json");
			// Bytes: to text camel-http adds a charset parameter of its own.
			message.setBody(this.body.first(NullNode.getInstance(), id).toString().getBytes(StandardCharsets.UTF_8));
		}
		return true;
	}

	/** The request is part of the trace of its job, if it has one. */
	static void join(Message message, Pollable job) {
		if (job != null && job.traceparent() != null) {
			message.setHeader("traceparent", job.traceparent());
		}
	}

	private static void address(Message message, String path, String query) {
		if (!path.isEmpty()) {
			message.setHeader(Exchange.HTTP_PATH, path);
		}
		if (!query.isEmpty()) {
			message.setHeader(Exchange.HTTP_QUERY, query);
		}
	}

	private void refuse(Exchange exchange) {
		ObjectNode answer = JsonNodeFactory.instance.objectNode();
		answer.putObject("reason")
			.put("code", "job-id")
			.put("message", "the job's id is a URL, but none below %s: nothing was asked".formatted(this.url));
		exchange.setVariable("answer", AnswerClass.FAILED.label());
		exchange.getMessage().setBody(answer);
	}

}
