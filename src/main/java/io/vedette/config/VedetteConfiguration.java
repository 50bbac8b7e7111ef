package io.vedette.config;

import java.time.Clock;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vedette.schedule.SteadyClock;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskExecutor;
import org.springframework.scheduling.quartz.SchedulerFactoryBean;

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
	 * The scheduler of all timers, which Camel's component finds and starts. Left to
	 * itself it would make one whose ten threads look for work twice a second each.
	 */
	@Bean
	SchedulerFactoryBean timers(TaskExecutor applicationTaskExecutor) {
		SchedulerFactoryBean timers = new SchedulerFactoryBean();
		timers.setAutoStartup(false);
		timers.setTaskExecutor(applicationTaskExecutor);
		return timers;
	}

	/**
	 * For JSON that Vedette itself reads and writes; the replies of REST are Spring's.
	 */
	@Bean
	JsonMapper json() {
		return JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
	}

}
