package io.vedette.job;

import java.util.Collection;
import java.util.function.Function;

import org.springframework.jdbc.support.SqlArrayValue;

/** Columns of rows as one value each, for a statement that takes many rows at once. */
public final class SqlArray {

	private SqlArray() {
	}

	/** One column. */
	public static <T> SqlArrayValue of(String type, Collection<T> rows, Function<T, Object> column) {
		return new SqlArrayValue(type, rows.stream().map(column).toArray());
	}

}
