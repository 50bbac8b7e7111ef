package io.vedette.intake;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import org.apache.camel.Body;
import org.apache.camel.Message;
import org.apache.camel.Variable;
import org.apache.camel.WrappedFile;

import org.springframework.stereotype.Component;

/**
 * Reads job requests out of files and messages: JSON (an object, an array, or one after
 * the other), NDJSON, CSV.
 */
@Component("requestReader")
public class RequestReader {

	private static final List<String> COLUMNS = List.of("provider", "jobId", "mediaUrl", "reference", "targets");

	private final JsonMapper json = JsonMapper.builder().build();

	private final ObjectReader line = this.json.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

	private final CsvMapper csv = CsvMapper.csvBuilder()
		.enable(CsvParser.Feature.WRAP_AS_ARRAY)
		.enable(CsvParser.Feature.SKIP_EMPTY_LINES)
		.build();

	private final RequestCheck check;

	RequestReader(RequestCheck check) {
		this.check = check;
	}

	/** Reads a file as its name says. */
	public Requests readFile(@Body InputStream body, @Variable("source") String fileName) {
		String name = fileName.toLowerCase(Locale.ROOT);
		if (name.endsWith(".csv")) {
			return new Requests(() -> csv(body));
		}
		return name.endsWith(".ndjson") ? new Requests(() -> ndjson(body)) : new Requests(() -> json(body));
	}

	/**
	 * Reads the JSON of a message: text, bytes, or the content of a file. Whatever else
	 * Java could make text of is none.
	 */
	public Requests readMessage(Message message) {
		Object body = message.getBody();
		if (body instanceof String || body instanceof byte[] || body instanceof InputStream
				|| body instanceof WrappedFile) {
			return readText(message.getBody(byte[].class));
		}
		return Requests.none("body: %s; expected JSON as text or bytes. Send it as such."
			.formatted((body != null) ? body.getClass().getName() : "none"));
	}

	/** Reads the JSON of a REST call. */
	public Requests readText(byte[] text) {
		return new Requests(() -> json(new ByteArrayInputStream(text)));
	}

	private Requests.Source json(InputStream body) throws IOException {
		JsonParser parser = this.json.createParser(body);
		int[] number = { 0 };
		boolean[] array = { false };
		return () -> {
			JsonToken token = parser.nextToken();
			if (token == JsonToken.START_ARRAY && number[0] == 0 && !array[0]) {
				array[0] = true;
				token = parser.nextToken();
			}
			if (token == JsonToken.END_ARRAY && array[0]) {
				if (parser.nextToken() != null) {
					throw new JsonParseException(parser, "text after the end of the array");
				}
				return null;
			}
			return (token == null) ? null : this.check.check(++number[0], parser.readValueAsTree());
		};
	}

	private Requests.Source ndjson(InputStream body) throws IOException {
		BufferedReader lines = new BufferedReader(utf8(body));
		int[] number = { 0 };
		return () -> {
			String line = lines.readLine();
			while (line != null && line.isBlank()) {
				number[0]++;
				line = lines.readLine();
			}
			return (line == null) ? null : line(++number[0], line);
		};
	}

	private Row line(int number, String line) {
		try {
			return this.check.check(number, this.line.readTree(line));
		}
		catch (JsonProcessingException ex) {
			return new Row(number, this.json.getNodeFactory().textNode(line), null,
					"request: no JSON, at column %d: %s; expected one JSON object a line. Correct the line."
						.formatted(ex.getLocation().getColumnNr(), ex.getOriginalMessage()));
		}
	}

	private Requests.Source csv(InputStream body) throws IOException {
		MappingIterator<String[]> records = this.csv.readerFor(String[].class).readValues(utf8(body));
		int[] number = { 0 };
		String[][] header = { null };
		return () -> {
			if (header[0] == null) {
				header[0] = records.hasNextValue() ? header(records) : new String[0];
			}
			return records.hasNextValue() ? record(++number[0], header[0], records.nextValue()) : null;
		};
	}

	private String[] header(MappingIterator<String[]> records) throws IOException {
		String[] header = Arrays.stream(records.nextValue()).map(String::trim).toArray(String[]::new);
		if (!Arrays.asList(header).containsAll(COLUMNS.subList(0, 2))) {
			throw new JsonParseException(records.getParser(),
					"no header line with the columns provider and jobId, parted by commas; known columns are "
							+ COLUMNS);
		}
		return header;
	}

	private Row record(int number, String[] header, String[] values) {
		ObjectNode request = this.json.createObjectNode();
		for (int i = 0; i < Math.min(header.length, values.length); i++) {
			if (header[i].equals("targets") && !values[i].isBlank()) {
				Arrays.stream(values[i].trim().split("[\\s;,]+")).forEach(request.withArray("targets")::add);
			}
			else if (!values[i].isEmpty()) {
				request.put(header[i], values[i]);
			}
		}
		if (values.length > header.length) {
			return new Row(number, this.json.valueToTree(values), null,
					"record: %d values under %d columns. Put values that hold a comma in double quotes."
						.formatted(values.length, header.length));
		}
		return this.check.check(number, request);
	}

	/**
	 * A reader that refuses what is not UTF-8, rather than to change an id, and steps
	 * over a byte order mark.
	 */
	private static Reader utf8(InputStream body) throws IOException {
		PushbackReader reader = new PushbackReader(new InputStreamReader(body,
				StandardCharsets.UTF_8.newDecoder()
					.onMalformedInput(CodingErrorAction.REPORT)
					.onUnmappableCharacter(CodingErrorAction.REPORT)));
		int first = reader.read();
		if (first != -1 && first != '\uFEFF') {
			reader.unread(first);
		}
		return reader;
	}

}
