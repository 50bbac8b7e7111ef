package io.vedette.page;

import java.util.stream.Stream;

import io.vedette.api.Sessions;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The page beside the REST API. What it is made with waits until somebody opens it. */
@Configuration(proxyBeanMethods = false)
class PageConfiguration implements WebMvcConfigurer {

	private final ObjectProvider<Sessions> sessions;

	PageConfiguration(ObjectProvider<Sessions> sessions) {
		this.sessions = sessions;
	}

	@Bean
	static BeanFactoryPostProcessor pageOnDemand() {
		return (beans) -> Stream.of("defaultTemplateResolver", "templateEngine", "thymeleafViewResolver")
			.filter(beans::containsBeanDefinition)
			.map(beans::getBeanDefinition)
			.forEach((bean) -> bean.setLazyInit(true));
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(new FormCheck(this.sessions)).addPathPatterns("/page/**");
	}

}
