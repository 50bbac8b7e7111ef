package io.vedette.job;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

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
		return inTurn((from) -> jdbc.sql(next).param("from", from).query(String.class).optional());
	}

	/**
	 * All values that one look after the other finds.
	 * @param next the first value that is not below this one: to find one above a value,
	 * H2 would read all that equal it
	 */
	static List<String> inTurn(Function<String, Optional<String>> next) {
		return Stream.iterate(next.apply(""), Optional::isPresent, (value) -> next.apply(value.get() + BEHIND))
			.map(Optional::get)
			.toList();
	}

}
