package io.vedette.delivery;

import java.util.function.Function;

import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.support.ExpressionAdapter;

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
		return of((delivery) -> delivery.event().eventId());
	}

	@Bean
	Expression eventBody() {
		return of((delivery) -> delivery.event().body());
	}

	private static Expression of(Function<Delivery, String> part) {
		return new ExpressionAdapter() {
			@Override
			public Object evaluate(Exchange exchange) {
				return part.apply(delivery(exchange));
			}
		};
	}

	private static Delivery delivery(Exchange exchange) {
		return exchange.getVariable("delivery", Delivery.class);
	}

}
