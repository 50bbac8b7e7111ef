package io.vedette.provider;

import java.util.function.Function;

import io.vedette.config.VedetteProperties;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.builder.ExpressionBuilder;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What an {@code ask-} route shows its provider, for Camel's language {@code ref}: that
 * of the account of the job in the variable {@code sender} or {@code watch}, or where
 * there is none the own one of the provider in the variable {@code provider}; null if
 * none is set. A placeholder would stand in the route and in what is told about it;
 * {@code ${properties:}} is looked up anew at each poll, a tenth of what it cost.
 */
@Configuration(proxyBeanMethods = false)
class Credentials {

	@Bean
	Expression apiKey(Providers providers) {
		return of(providers, Account::apiKey);
	}

	@Bean
	Expression bearerToken(Providers providers) {
		return of(providers, (account) -> (account.token() != null) ? "Bearer " + account.token() : null);
	}

	private static Expression of(Providers providers, Function<Account, String> credential) {
		return ExpressionBuilder.exchangeExpression((exchange) -> credential.apply(account(providers, exchange)));
	}

	private static Account account(Providers providers, Exchange exchange) {
		Pollable sender = exchange.getVariable("sender", Pollable.class);
		Pollable job = (sender != null) ? sender : exchange.getVariable("watch", Pollable.class);
		if (job != null && job.account() != null) {
			return job.account();
		}
		return providers.get(exchange.getVariable("provider", String.class)).account(VedetteProperties.Account.DEFAULT);
	}

}
