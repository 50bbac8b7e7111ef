package io.vedette.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vedette.text.ForeignText;

/** Columns as wide as what is in them. */
final class Table {

	private static final int LONGEST = 60;

	private final List<List<String>> rows = new ArrayList<>();

	Table(String... names) {
		this.rows.add(List.of(names));
	}

	/** Adds a row of values; what is null or not there stays empty. */
	void add(JsonNode... values) {
		this.rows.add(Stream.of(values)
			.map((value) -> (value.isNull() || value.isMissingNode()) ? ""
					: ForeignText.printable(value.asText(), LONGEST))
			.toList());
	}

	void print(PrintWriter out) {
		List<Integer> widths = IntStream.range(0, this.rows.get(0).size())
			.mapToObj((column) -> this.rows.stream().mapToInt((row) -> row.get(column).length()).max().orElse(0))
			.toList();
		this.rows.forEach((row) -> {
			StringBuilder line = new StringBuilder();
			IntStream.range(0, row.size())
				.forEach((column) -> line.append(row.get(column))
					.append(" ".repeat(widths.get(column) - row.get(column).length() + 2)));
			out.println(line.toString().stripTrailing());
		});
	}

}
