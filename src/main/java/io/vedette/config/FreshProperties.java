package io.vedette.config;

import java.util.Objects;
import java.util.stream.Stream;

import io.vedette.provider.Providers;
import org.apache.camel.CamelContext;

import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.stereotype.Component;

/**
 * Reads the configuration once more while Vedette runs: all files that Spring Boot read
 * at the start, config trees and other imports included. Arguments and variables of the
 * environment are those of the start, as no process gets others.
 */
@Component
public class FreshProperties {

	private final ConfigurableEnvironment environment;

	private final CamelContext camel;

	FreshProperties(ConfigurableEnvironment environment, CamelContext camel) {
		this.environment = environment;
		this.camel = camel;
	}

	/**
	 * What the files say now. Nothing is changed by it.
	 * @throws ConfigurationProblem if a start would refuse it; no value of a secret is
	 * told
	 */
	public VedetteProperties read() {
		try {
			VedetteProperties read = Binder.get(environment())
				.bindOrCreate("vedette", Bindable.of(VedetteProperties.class),
						new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
			ConfigurationCheck.check(read, Providers.names(this.camel));
			return read;
		}
		catch (RuntimeException ex) {
			throw problem(ex);
		}
	}

	private ConfigurableEnvironment environment() {
		StandardEnvironment fresh = new StandardEnvironment();
		MutablePropertySources sources = fresh.getPropertySources();
		sources.forEach((source) -> sources.remove(source.getName()));
		this.environment.getPropertySources().stream().filter((source) -> !isRead(source)).forEach(sources::addLast);
		ConfigDataEnvironmentPostProcessor.applyTo(fresh, null, null, this.environment.getActiveProfiles());
		return fresh;
	}

	/** Whether it comes from a file that is read anew, or shows the other sources. */
	private static boolean isRead(PropertySource<?> source) {
		return source instanceof OriginTrackedMapPropertySource || source instanceof ConfigTreePropertySource
				|| ConfigurationPropertySources.isAttachedConfigurationPropertySource(source);
	}

	/** In the words of a start: what Spring Boot says may quote a value. */
	private static ConfigurationProblem problem(RuntimeException fault) {
		return Stream
			.<FailureAnalyzer>of(new UnknownKeyAnalyzer(), new BindProblemAnalyzer(),
					new ConfigurationProblemAnalyzer())
			.map((analyzer) -> analyzer.analyze(fault))
			.filter(Objects::nonNull)
			.findFirst()
			.map(FreshProperties::problem)
			.orElseGet(() -> new ConfigurationProblem(
					"configuration: can't be read (%s).".formatted(fault.getClass().getSimpleName()),
					"Correct the files that Vedette was started with."));
	}

	private static ConfigurationProblem problem(FailureAnalysis analysis) {
		return new ConfigurationProblem(analysis.getDescription(), analysis.getAction());
	}

}
