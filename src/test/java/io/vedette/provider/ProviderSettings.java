package io.vedette.provider;

import java.util.HashMap;
import java.util.Map;

import io.vedette.config.VedetteProperties;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Settings of a provider, as a configuration file gives them. */
final class ProviderSettings {

	private ProviderSettings() {
	}

	/**
	 * Those that are not named have their defaults: {@code of("rate-limit", "2/10s")}.
	 */
	static VedetteProperties.Provider of(String... keysAndValues) {
		Map<String, String> settings = new HashMap<>();
		for (int i = 0; i < keysAndValues.length; i += 2) {
			settings.put("provider." + keysAndValues[i], keysAndValues[i + 1]);
		}
		return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("provider",
				VedetteProperties.Provider.class);
	}

}
