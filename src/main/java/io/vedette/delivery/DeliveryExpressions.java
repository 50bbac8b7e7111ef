package io.vedette.delivery;

import io.vedette.job.Exchanges;
import io.vedette.job.Watch;
import io.vedette.provider.Face;
import io.vedette.trace.Span;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Expression;
import org.apache.camel.Processor;
import org.apache.camel.support.builder.ExpressionBuilder;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What the routes of a delivery ask about it and tell of it, for Camel's language
 * {@code ref} and its {@code process}; it is the body until it is attempted, and in the
 * variable {@code delivery} from then on; how an attempt ended, an {@link Attempt}, is
 * the body. Camel's languages {@code method} and {@code simple} look methods up and copy
 * the exchange at each call.
 */
@Configuration(proxyBeanMethods = false)
class DeliveryExpressions {

	/** The event of the face in the body. */
	@Bean
	Expression faceDetected(Events events) {
		return ExpressionBuilder.exchangeExpression((exchange) -> events
			.faceDetected(exchange.getMessage().getBody(Face.class), exchange.getVariable("watch", Watch.class)));
	}

	/**
	 * Leaves the delivery in the body, what its queue is named in the variable
	 * {@code queue}, and nothing else.
	 */
	@Bean
	Processor chooseQueue(Targets targets) {
		return (exchange) -> {
			Exchanges.startAfresh(exchange);
			exchange.setVariable("queue", targets.queueOf(delivery(exchange)));
		};
	}

	/**
	 * Puts the event into the body, where its delivery was, and takes all headers off.
	 */
	@Bean
	Processor beginAttempt(Attempts attempts, AttemptSpans spans) {
		return (exchange) -> {
			Delivery delivery = exchange.getMessage().getBody(Delivery.class);
			exchange.setVariable("delivery", delivery);
			if (!attempts.begin(delivery)) {
				exchange.setRouteStop(true);
				return;
			}
			attempts.passGate(delivery);
			exchange.getMessage().removeHeaders("*");
			exchange.getMessage().setBody(delivery.event().body());
			Span span = spans.begin(delivery);
			exchange.setVariable(AttemptSpans.SPAN, span);
			if (span.traceparent() != null) {
				// The receiver's spans join the trace of the job.
				exchange.getMessage().setHeader("traceparent", span.traceparent());
			}
		};
	}

	@Bean
	Processor signWebhook(Webhooks webhooks) {
		return (exchange) -> webhooks.sign(delivery(exchange), exchange.getMessage());
	}

	@Bean
	Expression eventId() {
		return ExpressionBuilder.exchangeExpression((exchange) -> delivery(exchange).event().eventId());
	}

	/** Where the event is below the directory of a files target. */
	@Bean
	Expression eventFile() {
		return ExpressionBuilder.exchangeExpression(
				(exchange) -> delivery(exchange).directory() + "/" + delivery(exchange).event().fileName() + ".json");
	}

	@Bean
	Processor attemptSent(Attempts attempts) {
		return (exchange) -> exchange.getMessage()
			.setBody(AttemptSpans.ended(exchange, attempts.sent(delivery(exchange))));
	}

	@Bean
	Processor attemptFailed(Attempts attempts) {
		return (exchange) -> exchange.getMessage()
			.setBody(AttemptSpans.ended(exchange, attempts.failed(delivery(exchange), caught(exchange))));
	}

	@Bean
	Processor handDeliveryBack(Attempts attempts) {
		return (exchange) -> {
			caught(exchange);
			exchange.getMessage().setBody(attempts.handBack(delivery(exchange)));
		};
	}

	/** Keeps the attempt in the body until it is written down. */
	@Bean
	Expression isFirstEnded(EndedAttempts ended) {
		return ExpressionBuilder
			.exchangeExpression((exchange) -> ended.add(exchange.getMessage().getBody(Attempt.class)));
	}

	/**
	 * What was thrown. It is taken off the exchange: there it would be taken for the
	 * reason of whatever fails next.
	 */
	static Exception caught(Exchange exchange) {
		return (Exception) exchange.removeProperty(ExchangePropertyKey.EXCEPTION_CAUGHT);
	}

	private static Delivery delivery(Exchange exchange) {
		return (exchange.getMessage().getBody() instanceof Delivery queued) ? queued
				: exchange.getVariable("delivery", Delivery.class);
	}

}
