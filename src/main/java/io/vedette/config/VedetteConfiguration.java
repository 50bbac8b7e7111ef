package io.vedette.config;

import java.time.Clock;

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

}
