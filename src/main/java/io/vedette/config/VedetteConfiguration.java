package io.vedette.config;

import java.time.Clock;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.schedule.SteadyClock;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(VedetteProperties.class)
class VedetteConfiguration {

	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

	@Bean
	SteadyClock steadyClock(Clock clock) {
		return new SteadyClock(clock, System::nanoTime);
	}

	/**
	 * For JSON that Vedette itself reads and writes; the replies of REST are Spring's.
	 */
	@Bean
	JsonMapper json() {
		return JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
	}

}
