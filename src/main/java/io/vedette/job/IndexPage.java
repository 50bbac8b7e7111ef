package io.vedette.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A page of rows as an index has them, backwards: a stretch of the index that is told by
 * its two ends. So PostgreSQL reads it from no other index, whatever it expects of the
 * parameters of a prepared statement; a condition {@code column = :x} alone it may also
 * look for row by row from the newest on, and {@code :x is null or column = :x} in all
 * rows. With both of them it stops at the limit, without sorting; and H2, which knows the
 * ends alone, would read all rows of the table by their ids.
 */
public final class IndexPage {

	private final String table;

	private final String suffix;

	private final List<String> columns = new ArrayList<>();

	private final List<String> conditions = new ArrayList<>();

	private final Map<String, Object> values = new LinkedHashMap<>();

	private boolean open;

	/**
	 * A page of a table without any condition.
	 * @param number tells its parameters from those of other pages in one statement
	 */
	public IndexPage(String table, int number) {
		this.table = table;
		this.suffix = "_" + number;
	}

	/** The next column of the index has this value; null leaves the column out. */
	public IndexPage with(String column, Object value) {
		if (value == null) {
			return this;
		}
		this.conditions.add("%1$s = :from_%1$s%2$s".formatted(column, this.suffix));
		return between(column, value, value);
	}

	/**
	 * The columns up to this one are between two ends, neither of which belongs to the
	 * page. Further ones only tell rows apart that are alike up to here.
	 */
	public IndexPage between(String column, Object from, Object to) {
		this.columns.add(column);
		// H2 looks these up in the index, PostgreSQL the two ends.
		if (!this.open) {
			this.conditions.add("%1$s between :from_%1$s%2$s and :to_%1$s%2$s".formatted(column, this.suffix));
			this.open = !from.equals(to);
		}
		this.values.put("from_" + column + this.suffix, from);
		this.values.put("to_" + column + this.suffix, to);
		return this;
	}

	/**
	 * Of these rows only some, and few are not: they are read too. In a case, or H2 would
	 * take an index of the condition's columns and read all that it holds for.
	 */
	public IndexPage only(String condition) {
		this.conditions.add("case when " + condition + " then true else false end");
		return this;
	}

	/** Its parameters. */
	public Map<String, Object> values() {
		return this.values;
	}

	/**
	 * The order of the rows: H2 sorts where it does not name each column of the index.
	 */
	public String order() {
		return this.columns.stream().map((column) -> column + " desc").collect(Collectors.joining(", "));
	}

	/**
	 * The query. The limit is part of it: for a parameter PostgreSQL would plan as for a
	 * tenth of all rows.
	 * @param select what is read of each row
	 */
	public String sql(String select, int limit) {
		return "select %s from %s where %s and %s > %s and %s < %s order by %s limit %d".formatted(select, this.table,
				String.join(" and ", this.conditions), end(""), end(":from_"), end(""), end(":to_"), order(), limit);
	}

	private String end(String prefix) {
		return this.columns.stream()
			.map((column) -> prefix.isEmpty() ? column : prefix + column + this.suffix)
			.collect(Collectors.joining(", ", "(", ")"));
	}

}
