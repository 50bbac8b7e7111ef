package io.vedette.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import io.vedette.schedule.RateLimit;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says which {@code vedette.*} value can't be read, and how to write it. Stands before
 * Spring Boot's own analyzer, which names classes, and prints values that may be secret.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class BindProblemAnalyzer extends AbstractFailureAnalyzer<BindException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		if (!cause.getName().toString().startsWith("vedette")
				|| findCause(cause, UnboundConfigurationPropertiesException.class) != null
				|| findCause(cause, ConfigurationProblem.class) != null) {
			return null;
		}
		ConfigurationProperty property = cause.getProperty();
		String at = (property != null && property.getOrigin() != null) ? ", at " + property.getOrigin() : "";
		Class<?> type = cause.getTarget().getType().resolve(Object.class);
		boolean shown = property != null && property.getValue() != null && type != Secret.class;
		return new FailureAnalysis("\"%s\": %s%s; expected %s.".formatted(cause.getName(),
				shown ? "\"" + property.getValue() + "\" can't be read" : "the value can't be read", at,
				expected(type)), "Correct the value, or leave the key out for its default.", cause);
	}

	private static String expected(Class<?> type) {
		if (type.isEnum()) {
			return Arrays.stream(type.getEnumConstants())
				.map((one) -> one.toString().toLowerCase(Locale.ROOT))
				.collect(Collectors.joining(", ", "one of ", ""));
		}
		if (type == List.class) {
			return "values parted by commas, waits as in 5s,5m,1h";
		}
		if (type == Duration.class) {
			return "a duration such as 500ms, 5s, 1h or 30d";
		}
		if (type == RateLimit.class) {
			return "<requests>/<duration> such as 20/10s";
		}
		return (type == boolean.class) ? "true or false" : "a value of another kind";
	}

}
