package io.vedette.provider;

import java.util.function.Function;

import io.vedette.config.Secret;
import org.apache.camel.Expression;
import org.apache.camel.support.builder.ExpressionBuilder;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What an {@code ask-} route shows its provider, for Camel's language {@code ref}: that
 * of the provider in the variable {@code provider}, or null if none is set. A placeholder
 * would stand in the route and in what is told about it; {@code ${properties:}} is looked
 * up anew at each poll, a tenth of what it cost.
 */
@Configuration(proxyBeanMethods = false)
class Credentials {

	@Bean
	Expression apiKey(Providers providers) {
		return of(providers, (provider) -> text(provider.settings().apiKey()));
	}

	@Bean
	Expression bearerToken(Providers providers) {
		return of(providers, (provider) -> {
			String token = text(provider.settings().token());
			return (token != null) ? "Bearer " + token : null;
		});
	}

	private static String text(Secret secret) {
		return secret.isPresent() ? secret.value() : null;
	}

	private static Expression of(Providers providers, Function<Provider, String> credential) {
		return ExpressionBuilder.exchangeExpression(
				(exchange) -> credential.apply(providers.get(exchange.getVariable("provider", String.class))));
	}

}
