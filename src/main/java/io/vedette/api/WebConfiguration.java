package io.vedette.api;

import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Spring MVC as the REST API wants it: JSON whatever is asked for, and no unknown query
 * parameter.
 */
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

	private final QueryCheck queryCheck;

	WebConfiguration(QueryCheck queryCheck) {
		this.queryCheck = queryCheck;
	}

	/** Parameters of an Accept header would come back in the Content-Type. */
	@Override
	public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
		configurer.ignoreAcceptHeader(true).defaultContentType(MediaType.APPLICATION_JSON);
	}

	/** None: by itself Spring MVC would set Hibernate Validator up at every start. */
	@Override
	public Validator getValidator() {
		return new NoValidation();
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(this.queryCheck).excludePathPatterns("/error");
	}

	private static final class NoValidation implements Validator {

		@Override
		public boolean supports(Class<?> type) {
			return false;
		}

		@Override
		public void validate(Object target, Errors errors) {
			// Supports nothing.
		}

	}

}
