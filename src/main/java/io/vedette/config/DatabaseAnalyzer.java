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
				action((cause.getSQLState() != null) ? cause.getSQLState() : ""), cause);
	}

	/** By the classes of SQLSTATE, which the databases share. */
	private static String action(String state) {
		if (state.startsWith("28")) {
			return "Set SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD to a role of that database and its password.";
		}
		if (state.startsWith("3D")) {
			return "Create the database, or correct the name at the end of the URL.";
		}
		if (state.startsWith("42501")) {
			return "Let the role make tables there: grant create on schema public to it, as the owner of the database.";
		}
		if (state.startsWith("08")) {
			return "Check host and port in the URL, and that the database is up and lets this machine connect.";
		}
		return "Check the URL, that the database is up, and that no other Vedette runs on the same vedette.data: an H2 file serves one process.";
	}

}
