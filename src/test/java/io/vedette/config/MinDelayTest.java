package io.vedette.config;

import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

class MinDelayTest {

	@ParameterizedTest
	@ValueSource(strings = { "0s", "0ms", "-1s" })
	void refusesADelayThatIsNone(String delay) {
		assertThatException().isThrownBy(() -> bind(delay))
			.havingRootCause()
			.isInstanceOf(ConfigurationProblem.class)
			.withMessageContaining("\"vedette.providers.crun.min-delay\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1ms", "1s", "2m" })
	void takesAnyOther(String delay) {
		assertThat(bind(delay).providers()).containsOnlyKeys("crun");
	}

	private static VedetteProperties bind(String delay) {
		return new Binder(new MapConfigurationPropertySource(Map.of("vedette.providers.crun.min-delay", delay)))
			.bind("vedette", VedetteProperties.class)
			.get();
	}

}
