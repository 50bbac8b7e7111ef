package io.vedette.delivery;

import java.util.List;

import io.vedette.delivery.PictureHosts.Entry;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.support.builder.ExpressionBuilder;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What the routes of a delivery ask about it and tell of it, for Camel's language
 * {@code ref} and its {@code process}; it is in the variable {@code delivery}, and how an
 * attempt ended, an {@link Attempt}, is the body. Camel's languages {@code method} and
 * {@code simple} look methods up and copy the exchange at each call.
 */
@Configuration(proxyBeanMethods = false)
class DeliveryExpressions {

	/** Set as long as a picture has a place at its host. */
	private static final String PLACE = "place";

	@Bean
	Expression deliveryQueue(Targets targets) {
		return ExpressionBuilder.exchangeExpression((exchange) -> targets.queueOf(delivery(exchange)));
	}

	@Bean
	Predicate isOwnDelivery(Attempts attempts) {
		return (exchange) -> attempts.isOwn(delivery(exchange));
	}

	@Bean
	Processor passGate(Attempts attempts) {
		return (exchange) -> attempts.passGate(delivery(exchange));
	}

	@Bean
	Expression eventId() {
		return ExpressionBuilder.exchangeExpression((exchange) -> delivery(exchange).event().eventId());
	}

	@Bean
	Expression eventBody() {
		return ExpressionBuilder.exchangeExpression((exchange) -> delivery(exchange).event().body());
	}

	/** Where the event is below the directory of a files target. */
	@Bean
	Expression eventFile() {
		return ExpressionBuilder.exchangeExpression(
				(exchange) -> delivery(exchange).directory() + "/" + delivery(exchange).event().fileName() + ".json");
	}

	@Bean
	Processor attemptSent(Attempts attempts) {
		return (exchange) -> exchange.getMessage().setBody(attempts.sent(delivery(exchange)));
	}

	@Bean
	Processor attemptFailed(Attempts attempts) {
		return (exchange) -> exchange.getMessage().setBody(attempts.failed(delivery(exchange), caught(exchange)));
	}

	@Bean
	Processor handDeliveryBack(Attempts attempts) {
		return (exchange) -> {
			caught(exchange);
			exchange.getMessage().setBody(attempts.handBack(delivery(exchange)));
		};
	}

	@Bean
	Expression attemptOutcome() {
		return ExpressionBuilder
			.exchangeExpression((exchange) -> exchange.getMessage().getBody(Attempt.class).outcome().name());
	}

	@Bean
	Processor passPictureGate(PictureAttempts pictures) {
		return (exchange) -> {
			Entry entry = pictures.enter(delivery(exchange));
			switch (entry) {
				case ADMITTED -> exchange.setVariable(PLACE, true);
				case WAITS -> exchange.setRouteStop(true);
				default -> throw new HostBusyException(entry);
			}
		};
	}

	@Bean
	Processor pictureSaved(PictureAttempts pictures) {
		return (exchange) -> exchange.getMessage().setBody(pictures.saved(delivery(exchange)));
	}

	@Bean
	Processor pictureMissing(PictureAttempts pictures) {
		return (exchange) -> {
			Exception failure = innermost(caught(exchange));
			exchange.setVariable("failure", failure);
			exchange.getMessage()
				.setBody((failure instanceof HostBusyException busy)
						? pictures.turnedAway(delivery(exchange), busy.entry())
						: pictures.missing(delivery(exchange), failure));
		};
	}

	/** Gives the place of a picture back: those that wait for it at its host. */
	@Bean
	Expression nextPictures(PictureAttempts pictures) {
		return ExpressionBuilder.exchangeExpression((exchange) -> {
			boolean placed = exchange.removeVariable(PLACE) != null;
			Exception failure = (Exception) exchange.removeVariable("failure");
			return placed ? pictures.leave(delivery(exchange), failure) : List.of();
		});
	}

	/**
	 * What was thrown. It is taken off the exchange: there it would be taken for the
	 * reason of whatever fails next.
	 */
	private static Exception caught(Exchange exchange) {
		return (Exception) exchange.removeProperty(ExchangePropertyKey.EXCEPTION_CAUGHT);
	}

	private static Exception innermost(Exception thrown) {
		Exception cause = thrown;
		while (cause.getCause() instanceof Exception inner) {
			cause = inner;
		}
		return cause;
	}

	private static Delivery delivery(Exchange exchange) {
		return exchange.getVariable("delivery", Delivery.class);
	}

}
