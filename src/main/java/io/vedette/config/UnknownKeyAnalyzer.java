package io.vedette.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Names misspelt {@code vedette.*} keys and the ones that were meant. Stands before
 * Spring Boot's own analyzer, which prints the values: one of them may be a secret.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class UnknownKeyAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

	private static final String ANY_NAME = "*";

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
		String description = cause.getUnboundProperties()
			.stream()
			.map((property) -> "\"%s\": unknown key%s.".formatted(property.getName(),
					(property.getOrigin() != null) ? ", at " + property.getOrigin() : ""))
			.collect(Collectors.joining("\n"));
		String action = cause.getUnboundProperties()
			.stream()
			.map((property) -> meant(property.getName()))
			.distinct()
			.collect(Collectors.joining());
		return new FailureAnalysis(description,
				action + "Correct or remove it; config/application.yaml in the jar lists every key.", cause);
	}

	private static String meant(ConfigurationPropertyName misspelt) {
		return DidYouMean.of(misspelt.toString(),
				keys("vedette", VedetteProperties.class).stream().map((key) -> fillIn(key, misspelt)).toList());
	}

	/** Puts the names that the user gave into the places where a key holds any name. */
	private static String fillIn(String key, ConfigurationPropertyName misspelt) {
		String[] elements = key.split("\\.");
		for (int i = 0; i < Math.min(elements.length, misspelt.getNumberOfElements()); i++) {
			if (elements[i].equals(ANY_NAME)) {
				elements[i] = misspelt.getElement(i, ConfigurationPropertyName.Form.ORIGINAL);
			}
		}
		return String.join(".", elements);
	}

	private static List<String> keys(String prefix, Class<?> type) {
		List<String> keys = new ArrayList<>();
		for (RecordComponent component : type.getRecordComponents()) {
			String key = prefix + "." + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
			Class<?> value = component.getType();
			if (value == Map.class) {
				value = (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[1];
				key += "." + ANY_NAME;
			}
			if (value.isRecord() && value.getEnclosingClass() == VedetteProperties.class) {
				keys.addAll(keys(key, value));
			}
			else {
				keys.add(key);
			}
		}
		return keys;
	}

}
