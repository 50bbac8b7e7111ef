package io.vedette.intake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.camel.Body;
import org.apache.camel.Message;
import org.apache.camel.Variable;
import org.apache.camel.WrappedFile;

import org.springframework.stereotype.Component;

/**
 * Reads job requests out of files and messages: JSON (an object, an array, or one after
 * the other), NDJSON, CSV. A request in JSON may be the data of a CloudEvent.
 */
@Component("requestReader")
public class RequestReader {

	private static final int LONGEST_EXCERPT = 1000;

	private final JsonMapper json = JsonMapper.builder().build();

	private final ObjectReader line = this.json.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

	private final RequestCheck check;

	RequestReader(RequestCheck check) {
		this.check = check;
	}

	/** Reads a file as its name says. */
	public Requests readFile(@Body InputStream body, @Variable("source") String fileName) {
		String name = fileName.toLowerCase(Locale.ROOT);
		if (name.endsWith(".csv") || name.endsWith(".tsv")) {
			return new Requests(body, (csv) -> new CsvRequests(utf8(csv), this.check));
		}
		boolean lines = name.endsWith(".ndjson") || name.endsWith(".jsonl");
		return new Requests(body, lines ? this::ndjson : this::json);
	}

	/**
	 * Reads the JSON of a message: text, bytes, or the content of a file, packed by gzip
	 * or not. Whatever else Java could make text of is none.
	 */
	public Requests readMessage(Message message) {
		Object body = message.getBody();
		if (!(body instanceof String || body instanceof byte[] || body instanceof InputStream
				|| body instanceof WrappedFile)) {
			return Requests.none("body: %s; expected JSON as text or bytes. Send it as such."
				.formatted((body != null) ? body.getClass().getName() : "none"));
		}
		String coding = Packed.otherCoding(message);
		if (coding != null) {
			return Requests.none("content-encoding \"%s\": can't be unpacked; expected gzip or none. Send it as such."
				.formatted(coding));
		}
		try {
			return readText(Packed.unpack(message.getBody(byte[].class)));
		}
		catch (IOException ex) {
			return Requests.none("body: " + ex.getMessage());
		}
	}

	/** Reads the JSON of a REST call. */
	public Requests readText(byte[] text) {
		return new Requests(new ByteArrayInputStream(text), this::json);
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
			return (token == null) ? null : row(++number[0], parser.readValueAsTree());
		};
	}

	/** A request as it is, or inside a CloudEvent. */
	private Row row(int number, JsonNode node) {
		if (!CloudEventData.isIn(node)) {
			return this.check.check(number, node);
		}
		try {
			return this.check.check(number, CloudEventData.of(node));
		}
		catch (IOException ex) {
			return new Row(number, node, null,
					"data_base64: no Base64 of JSON; expected a job request. Send it as data instead.");
		}
	}

	private Requests.Source ndjson(InputStream body) throws IOException {
		LineReader lines = new LineReader(utf8(body));
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
		if (line.length() > LineReader.LONGEST) {
			return new Row(number, text(line.substring(0, LONGEST_EXCERPT) + "..."), null,
					"request: line longer than %d characters; expected one JSON object a line. Shorten it."
						.formatted(LineReader.LONGEST));
		}
		try {
			return row(number, this.line.readTree(line));
		}
		catch (JsonProcessingException ex) {
			return new Row(number, text(line), null,
					"request: no JSON, at column %d: %s; expected one JSON object a line. Correct the line."
						.formatted(ex.getLocation().getColumnNr(), Printable.of(ex.getOriginalMessage())));
		}
	}

	private JsonNode text(String text) {
		return this.json.getNodeFactory().textNode(text);
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
