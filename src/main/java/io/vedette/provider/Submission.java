package io.vedette.provider;

import java.io.IOException;

import org.apache.camel.Exchange;
import org.apache.camel.Expression;

import org.springframework.stereotype.Component;

/**
 * What the template {@code submit-provider} calls by name before and after the HTTP call,
 * for the provider in the variable {@code provider}.
 */
@Component("submission")
public class Submission {

	private final ProviderTables tables;

	private final ReplyBody body;

	private final Expression bearerToken;

	private final Expression apiKey;

	Submission(ProviderTables tables, ReplyBody body, Expression bearerToken, Expression apiKey) {
		this.tables = tables;
		this.body = body;
		this.bearerToken = bearerToken;
		this.apiKey = apiKey;
	}

	/** Writes the request, and shows the token or else the key. */
	public void write(Exchange exchange) {
		SubmitTable table = table(exchange);
		table.write(exchange);
		table.key()
			.show(this.bearerToken.evaluate(exchange, String.class), this.apiKey.evaluate(exchange, String.class),
					exchange.getMessage());
	}

	/**
	 * Reads the reply and leaves behind what came of it.
	 * @throws IOException if the reply can't be read: then nobody knows
	 */
	public void read(Exchange exchange) throws IOException {
		table(exchange).read(exchange, this.body);
	}

	private SubmitTable table(Exchange exchange) {
		return this.tables.submission(exchange.getVariable("provider", String.class));
	}

}
