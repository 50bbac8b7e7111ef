package io.vedette.cli;

import java.util.HashMap;
import java.util.Map;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Switches all intakes off, and all targets but one directory. */
final class OneTarget implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	/** Where the faces are, below the data. */
	static final String DIRECTORY = "out";

	/** Short: somebody waits. */
	private static final String RETRY = "1s,2s,5s";

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		ConfigurableEnvironment environment = context.getEnvironment();
		Map<String, Object> settings = new HashMap<>();
		switchOff("vedette.targets", environment, settings);
		switchOff("vedette.intakes", environment, settings);
		settings.put("vedette.targets.files.uri", "file:${vedette.data}/" + DIRECTORY);
		settings.put("vedette.targets.files.events", "*");
		settings.put("vedette.targets.files.retry", RETRY);
		settings.put("vedette.rejected.uri", "file:${vedette.data}/rejected");
		environment.getPropertySources().addFirst(new MapPropertySource("one target", settings));
	}

	private static void switchOff(String key, ConfigurableEnvironment environment, Map<String, Object> settings) {
		Binder.get(environment)
			.bind(key, Bindable.mapOf(String.class, Object.class))
			.ifBound((all) -> all.keySet().forEach((name) -> settings.put(key + "." + name + ".uri", "")));
	}

}
