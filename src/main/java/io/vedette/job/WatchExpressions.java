package io.vedette.job;

import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.support.builder.ExpressionBuilder;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What the loop in {@code watch-job} asks the watchman at every poll, for Camel's
 * language {@code ref}. Its language {@code method} copies the exchange for each call: a
 * fifth of what a poll cost.
 */
@Configuration(proxyBeanMethods = false)
class WatchExpressions {

	@Bean
	Predicate goesOn(Watchman watchman) {
		return (exchange) -> watchman.goesOn(watch(exchange));
	}

	@Bean
	Expression untilDue(Watchman watchman) {
		return ExpressionBuilder.exchangeExpression((exchange) -> watchman.untilDue(watch(exchange)));
	}

	@Bean
	Expression untilAllowed(Watchman watchman) {
		return ExpressionBuilder.exchangeExpression((exchange) -> watchman.untilAllowed(watch(exchange)));
	}

	@Bean
	Predicate mayAsk(Watchman watchman) {
		return (exchange) -> watchman.mayAsk(watch(exchange));
	}

	private static Watch watch(Exchange exchange) {
		return exchange.getVariable("watch", Watch.class);
	}

}
