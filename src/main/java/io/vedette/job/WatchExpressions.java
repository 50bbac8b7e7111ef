package io.vedette.job;

import io.vedette.provider.Errors;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.support.builder.ExpressionBuilder;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What the loop in {@code poll-until-terminal} asks the watchman at every poll, and tells
 * it, and what {@code settle-jobs} reads of a watch that is over, for Camel's language
 * {@code ref} and its {@code process}. The language {@code method} copies the exchange
 * for each call, a fifth of what a poll cost; {@code bean} finds out anew what a method
 * takes, a fifteenth; {@code simple} finds out anew what a name of two parts means, a
 * tenth of what it cost to settle a job.
 */
@Configuration(proxyBeanMethods = false)
class WatchExpressions {

	/**
	 * Leaves what a loop goes by, and the route that asks for its job, and nothing else:
	 * the whole batch that a job came in, among others, would stay as long as one of its
	 * jobs is watched. A {@code bean} would leave a map behind for as long.
	 */
	@Bean
	Processor enterLoop() {
		return (exchange) -> {
			Watch watch = exchange.getMessage().getBody(Watch.class);
			Exchanges.startAfresh(exchange);
			exchange.setVariable("watch", watch);
			exchange.setVariable("provider", watch.getJob().provider());
			exchange.setVariable("jobId", watch.getJob().jobId());
			exchange.setVariable("encodedJobId", watch.getJob().encodedJobId());
			Exchanges.empty(exchange);
		};
	}

	@Bean
	Predicate goesOn(Watchman watchman) {
		return (exchange) -> Errors.asExceptions(() -> watchman.goesOn(watch(exchange)));
	}

	@Bean
	Expression untilDue(Watchman watchman) {
		return ExpressionBuilder
			.exchangeExpression((exchange) -> Errors.asExceptions(() -> watchman.untilDue(watch(exchange))));
	}

	@Bean
	Predicate mayAsk(Watchman watchman) {
		return (exchange) -> Errors.asExceptions(() -> watchman.mayAsk(watch(exchange)));
	}

	/**
	 * Takes the answer off the exchange: nothing of it is left for the next one, nor in
	 * memory while the job waits.
	 */
	@Bean
	Processor hear(Watchman watchman) {
		return Errors.asExceptions((exchange) -> {
			// What was caught on the way would be taken for the reason of whatever fails
			// next.
			exchange.removeProperty(ExchangePropertyKey.EXCEPTION_CAUGHT);
			watchman.hear(watch(exchange), take(exchange, "answer"), exchange.getMessage().getBody(),
					take(exchange, "retryAfter"), take(exchange, "replyId"), take(exchange, "warning"),
					take(exchange, "status"));
			Exchanges.empty(exchange);
		});
	}

	/** How the watch ended, the name of an {@link Outcome}. */
	@Bean
	Expression outcome() {
		return ExpressionBuilder.exchangeExpression((exchange) -> watch(exchange).getOutcome().name());
	}

	/** The faces of a job that has succeeded, in the provider's order. */
	@Bean
	Expression faces() {
		return ExpressionBuilder.exchangeExpression((exchange) -> watch(exchange).getAnswer().faces());
	}

	/** Whether this node's watch is what settled the job. */
	@Bean
	Predicate isSettled() {
		return (exchange) -> watch(exchange).isSettled();
	}

	/** Whether Vedette submitted the job itself. */
	@Bean
	Predicate wasSubmitted() {
		return (exchange) -> watch(exchange).getJob().requestId() != null;
	}

	private static String take(Exchange exchange, String variable) {
		return exchange.getContext()
			.getTypeConverter()
			.convertTo(String.class, exchange, exchange.removeVariable(variable));
	}

	private static Watch watch(Exchange exchange) {
		return exchange.getVariable("watch", Watch.class);
	}

}
