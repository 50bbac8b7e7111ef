package io.vedette.config;

import java.sql.SQLException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

@Order(Ordered.HIGHEST_PRECEDENCE)
class DatabaseAnalyzer extends AbstractFailureAnalyzer<SQLException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, SQLException cause) {
		Throwable root = cause;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		String why = (root == cause) ? cause.getMessage() : cause.getMessage() + " (" + root.getMessage() + ")";
		return new FailureAnalysis("\"spring.datasource.url\": the database can't be used: " + why,
				"Check the URL, that the database is up, and that no other Vedette runs on the same vedette.data: an H2 file serves one process.",
				cause);
	}

}
