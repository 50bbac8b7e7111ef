package io.vedette.config;

import org.apache.camel.FailedToCreateRouteException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

class RouteProblemAnalyzer extends AbstractFailureAnalyzer<FailedToCreateRouteException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, FailedToCreateRouteException cause) {
		Throwable root = cause;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		return new FailureAnalysis(
				"route \"%s\": Camel can't make it: %s".formatted(cause.getRouteId(), root.getMessage()),
				"Correct the route file: the one in routes/ where Vedette is started, or else the packaged one.",
				cause);
	}

}
