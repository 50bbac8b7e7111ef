package io.vedette.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;

/** The different values of the first column of an index, by one look for each. */
public final class IndexValues {

	/** Behind a value and before any longer one. */
	static final String BEHIND = "\u0001";

	private IndexValues() {
	}

	/**
	 * All values that are not null.
	 * @param order the column as the index has it, {@code owner nulls first}: where nulls
	 * come last, H2 reads all of them
	 */
	public static List<String> of(JdbcClient jdbc, String table, String column, String order) {
		String next = "select %2$s from %1$s where %2$s >= :from order by %3$s limit 1".formatted(table, column, order);
		List<String> values = new ArrayList<>();
		Optional<String> value = jdbc.sql(next).param("from", "").query(String.class).optional();
		while (value.isPresent()) {
			values.add(value.get());
			value = jdbc.sql(next).param("from", value.get() + BEHIND).query(String.class).optional();
		}
		return values;
	}

}
