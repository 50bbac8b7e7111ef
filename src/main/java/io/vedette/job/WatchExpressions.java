package io.vedette.job;

import java.util.function.ToLongFunction;

import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.support.ExpressionAdapter;

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
		return millis(watchman::untilDue);
	}

	@Bean
	Expression untilAllowed(Watchman watchman) {
		return millis(watchman::untilAllowed);
	}

	@Bean
	Predicate mayAsk(Watchman watchman) {
		return (exchange) -> watchman.mayAsk(watch(exchange));
	}

	private static Expression millis(ToLongFunction<Watch> wait) {
		return new ExpressionAdapter() {
			@Override
			public Object evaluate(Exchange exchange) {
				return wait.applyAsLong(watch(exchange));
			}
		};
	}

	private static Watch watch(Exchange exchange) {
		return exchange.getVariable("watch", Watch.class);
	}

}
