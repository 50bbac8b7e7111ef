package io.vedette.config;

import java.sql.SQLException;

import com.zaxxer.hikari.SQLExceptionOverride;

/**
 * Takes a connection out of the pool whose H2 has closed itself, as it does when a write
 * fails: H2 opens its file anew for the next one, but calls the old one valid. Named in
 * {@code spring.datasource.hikari}.
 */
public class ClosedDatabase implements SQLExceptionOverride {

	private static final int DATABASE_IS_CLOSED = 90_098;

	@java.lang.Override
	public Override adjudicate(SQLException exception) {
		return (exception.getErrorCode() == DATABASE_IS_CLOSED) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
	}

}
