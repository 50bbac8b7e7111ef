package io.vedette.intake;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.vedette.config.DidYouMean;
import io.vedette.text.ForeignText;

/**
 * Job requests as spreadsheets write them: parted by commas, semicolons, tabs or bars, as
 * the header or a line {@code sep=} above it says, with blanks around values, and with
 * empty cells and rows behind the last one.
 */
class CsvRequests implements Requests.Source {

	private static final List<String> COLUMNS = RequestCheck.MEMBERS;

	/** Columns whose values are numbers in JSON. */
	private static final List<String> NUMBERS = List.of("priority", "batchSize");

	private static final String SEPARATORS = ",;\t|";

	private static final int LONGEST_HEAD = 1 << 16;

	private static final CsvMapper csv = CsvMapper.csvBuilder()
		.enable(CsvParser.Feature.WRAP_AS_ARRAY)
		.enable(CsvParser.Feature.SKIP_EMPTY_LINES)
		.enable(CsvParser.Feature.TRIM_SPACES)
		.build();

	private final RequestCheck check;

	private final Origin origin;

	private final MappingIterator<String[]> records;

	private String[] header;

	private int number;

	CsvRequests(Reader text, RequestCheck check, Origin origin) throws IOException {
		this.origin = origin;
		BufferedReader reader = new BufferedReader(text);
		this.check = check;
		this.records = csv.readerFor(String[].class)
			.with(CsvSchema.emptySchema().withColumnSeparator(separator(head(reader))))
			.readValues(reader);
	}

	@Override
	public Row next() throws IOException {
		if (this.header == null) {
			this.header = header();
		}
		String[] values = record();
		return (values != null) ? row(++this.number, values) : null;
	}

	/** The beginning of the text, which stays to be read. */
	private static String head(BufferedReader reader) throws IOException {
		char[] head = new char[LONGEST_HEAD];
		reader.mark(LONGEST_HEAD);
		int length = 0;
		for (int read = 0; read != -1 && length < LONGEST_HEAD; length += Math.max(read, 0)) {
			read = reader.read(head, length, LONGEST_HEAD - length);
		}
		reader.reset();
		return new String(head, 0, length);
	}

	/** The one in front of most of the header's cells, or the one that sep= names. */
	private static char separator(String head) {
		String line = head.lines()
			.filter((one) -> !one.isBlank() && one.chars().anyMatch((c) -> SEPARATORS.indexOf(c) < 0))
			.findFirst()
			.orElse("");
		String first = line.replace("\"", "").strip();
		if (isSeparatorLine(first) && first.length() > "sep=".length()) {
			return first.charAt("sep=".length());
		}
		return (char) SEPARATORS.chars()
			.reduce((best, c) -> (count(line, c) > count(line, best)) ? c : best)
			.orElseThrow();
	}

	private static boolean isSeparatorLine(String text) {
		return text.toLowerCase(Locale.ROOT).startsWith("sep=");
	}

	private static long count(String line, int separator) {
		return line.chars().filter((c) -> c == separator).count();
	}

	private String[] header() throws IOException {
		String[] cells = record();
		if (cells != null && isSeparatorLine(cells[0])) {
			cells = record();
		}
		if (cells == null) {
			return new String[0];
		}
		List<String> header = Arrays.stream(cells).map(CsvRequests::column).toList();
		if (!header.contains(COLUMNS.get(0)) || COLUMNS.subList(1, 3).stream().noneMatch(header::contains)) {
			throw problem(
					"no header line with the columns provider and jobId or mediaUrl, parted by commas, semicolons or tabs; "
							+ "known columns are " + COLUMNS);
		}
		for (String column : COLUMNS) {
			if (header.indexOf(column) != header.lastIndexOf(column)) {
				throw problem("two columns named %s; expected one. Remove or rename the other".formatted(column));
			}
		}
		for (String column : header) {
			String meant = COLUMNS.contains(column) ? "" : DidYouMean.of(column, COLUMNS);
			if (!meant.isEmpty()) {
				throw problem("column \"%s\": unknown. %sCorrect or remove it".formatted(ForeignText.printable(column),
						meant));
			}
		}
		return header.toArray(String[]::new);
	}

	private JsonParseException problem(String message) {
		return new JsonParseException(this.records.getParser(), message);
	}

	/** The column that the cell of a header names, in whatever case, or what it says. */
	private static String column(String cell) {
		String name = cell.replaceAll("[\\s_-]", "");
		return COLUMNS.stream().filter(name::equalsIgnoreCase).findFirst().orElse(cell);
	}

	/** The next record with a value, up to its last value, or null at the end. */
	private String[] record() throws IOException {
		while (this.records.hasNextValue()) {
			String[] cells = Arrays.stream(this.records.nextValue()).map(ForeignText::trimmed).toArray(String[]::new);
			int length = cells.length;
			while (length > 0 && cells[length - 1].isEmpty()) {
				length--;
			}
			if (length > 0) {
				return Arrays.copyOf(cells, length);
			}
		}
		return null;
	}

	private Row row(int number, String[] values) {
		if (values.length > this.header.length) {
			return new Row(number, csv.valueToTree(values), null,
					"record: %d values under %d columns. Put values that hold a separator in double quotes."
						.formatted(values.length, this.header.length));
		}
		ObjectNode request = JsonNodeFactory.instance.objectNode();
		for (int i = 0; i < values.length; i++) {
			if (this.header[i].equals("targets") && !values[i].isEmpty()) {
				Arrays.stream(values[i].split("[\\s;,]+")).forEach(request.withArray("targets")::add);
			}
			else if (NUMBERS.contains(this.header[i]) && values[i].matches("\\d{1,18}")) {
				request.put(this.header[i], Long.parseLong(values[i]));
			}
			else if (COLUMNS.contains(this.header[i]) && !values[i].isEmpty()) {
				request.put(this.header[i], values[i]);
			}
		}
		return this.check.check(number, request, this.origin);
	}

}
