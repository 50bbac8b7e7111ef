package io.vedette.job;

import java.util.Map;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultMessage;

/** What exchanges keep of the way that they have come by, which Camel copies along. */
public final class Exchanges {

	private Exchanges() {
	}

	/**
	 * Leaves nothing but the body of what comes out of a queue, or goes into one: it
	 * would stay in memory for as long as a job is watched or a delivery waits, or be
	 * taken for a part of the next call.
	 */
	public static void startAfresh(Exchange exchange) {
		clear(exchange);
		exchange.removeProperties("*");
	}

	/** Leaves nothing of a call on its exchange. */
	static void clear(Exchange exchange) {
		Map.copyOf(exchange.getVariables()).keySet().forEach(exchange::removeVariable);
		exchange.removeProperty(ExchangePropertyKey.EXCEPTION_CAUGHT);
		exchange.getMessage().removeHeaders("*");
	}

	/** Leaves an empty message; one that has had headers would keep room for them. */
	static void empty(Exchange exchange) {
		Message message = new DefaultMessage(exchange);
		message.setBody("");
		exchange.setMessage(message);
	}

}
