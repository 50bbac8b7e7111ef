package io.vedette.provider;

import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What the template {@code ask-provider} calls by name before and after the HTTP call,
 * for the provider in the variable {@code provider}.
 */
@Configuration(proxyBeanMethods = false)
class TableConfiguration {

	/**
	 * Writes the request, and shows the token or else the key: never both, some providers
	 * would take the one and ignore the other. False, with the answer, if the job's id
	 * can't be asked for.
	 */
	@Bean
	Predicate writeRequest(ProviderTables tables, Expression bearerToken, Expression apiKey) {
		return (exchange) -> {
			TableRequest request = table(tables, exchange).request();
			boolean written = request.write(exchange);
			if (written) {
				request.key()
					.show(bearerToken.evaluate(exchange, String.class), apiKey.evaluate(exchange, String.class),
							exchange.getMessage());
			}
			return written;
		};
	}

	/** Reads the reply and leaves the answer behind. */
	@Bean
	Processor readReply(ProviderTables tables, ReplyBody body) {
		return Errors.asExceptions((exchange) -> table(tables, exchange).read(exchange, body));
	}

	private static ProviderTable table(ProviderTables tables, Exchange exchange) {
		return tables.get(exchange.getVariable("provider", String.class));
	}

}
