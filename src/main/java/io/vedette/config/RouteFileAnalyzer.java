package io.vedette.config;

import org.apache.camel.spring.boot.CamelSpringBootInitializationException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

class RouteFileAnalyzer extends AbstractFailureAnalyzer<CamelSpringBootInitializationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, CamelSpringBootInitializationException cause) {
		return new FailureAnalysis("Camel can't load the routes: " + rootFailure.getMessage(),
				"Correct the file and line named above.", cause);
	}

}
