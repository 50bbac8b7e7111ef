package io.vedette.delivery;

import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.support.builder.ExpressionBuilder;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What the {@code deliver-to-} routes ask about the delivery in the variable
 * {@code delivery}, for Camel's language {@code ref}. Its languages {@code method} and
 * {@code simple} look methods up and copy the exchange at each call.
 */
@Configuration(proxyBeanMethods = false)
class DeliveryExpressions {

	@Bean
	Predicate isForeign(Attempts attempts) {
		return (exchange) -> attempts.isForeign();
	}

	@Bean
	Predicate mustWait(Attempts attempts) {
		return (exchange) -> attempts.mustWait(delivery(exchange));
	}

	@Bean
	Expression eventId() {
		return ExpressionBuilder.exchangeExpression((exchange) -> delivery(exchange).event().eventId());
	}

	@Bean
	Expression eventBody() {
		return ExpressionBuilder.exchangeExpression((exchange) -> delivery(exchange).event().body());
	}

	private static Delivery delivery(Exchange exchange) {
		return exchange.getVariable("delivery", Delivery.class);
	}

}
