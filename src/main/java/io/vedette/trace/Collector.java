package io.vedette.trace;

import java.util.List;

import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.opentelemetry.api.OpenTelemetry;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Has Spring set up OpenTelemetry only where the address of a collector is set: to load
 * it costs every start, and each REST call would make spans for nobody.
 */
class Collector implements AutoConfigurationImportFilter, EnvironmentAware {

	private static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

	private static final List<String> TRACING = List.of("org.springframework.boot.micrometer.tracing.",
			"org.springframework.boot.opentelemetry.");

	/** Logs go where they go without a collector too. */
	private static final String LOGGING = "org.springframework.boot.opentelemetry.autoconfigure.logging.";

	private Environment environment;

	@Override
	public void setEnvironment(Environment environment) {
		this.environment = environment;
	}

	@Override
	public boolean[] match(String[] autoConfigurations, AutoConfigurationMetadata metadata) {
		boolean set = isSet(this.environment);
		boolean[] matches = new boolean[autoConfigurations.length];
		for (int i = 0; i < matches.length; i++) {
			// An earlier filter leaves null where it has taken one out.
			String one = autoConfigurations[i];
			matches[i] = one == null || (set ? !one.startsWith(LOGGING) : TRACING.stream().noneMatch(one::startsWith));
		}
		return matches;
	}

	private static boolean isSet(Environment environment) {
		return StringUtils.hasText(environment.getProperty(ENDPOINT));
	}

	/** What the rest of Vedette tells. */
	@Configuration(proxyBeanMethods = false)
	static class Told {

		@Bean
		Traces traces(Environment environment, BeanFactory beans) {
			return isSet(environment)
					? new ToldTraces(beans.getBean(OpenTelemetry.class).getTracer(Collector.class.getPackageName()))
					: Traces.OFF;
		}

	}

	/** Scrapes and probes come by the second, and are part of no job. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(ENDPOINT)
	static class Untold {

		@Bean
		SpanExportingPredicate untold() {
			return (span) -> !span.getTags().getOrDefault("http.url", "").startsWith("/actuator");
		}

	}

}
