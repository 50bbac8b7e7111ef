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
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vedette.job.Job;
import io.vedette.job.NodeLifecycle;
import io.vedette.text.ForeignText;
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

	private final RequestCheck check;

	private final JsonMapper json;

	private final NodeLifecycle lifecycle;

	/** For one request after the other. */
	private final ObjectReader next;

	RequestReader(RequestCheck check, JsonMapper json, NodeLifecycle lifecycle) {
		this.check = check;
		this.json = json;
		this.lifecycle = lifecycle;
		this.next = json.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
	}

	/**
	 * Reads a file as its name says. Its requests are a batch of their own, those that
	 * name another one aside.
	 * @param modified when it was last changed, in milliseconds since 1970, which tells
	 * it from a later file of the same name; without it its requests are no batch
	 */
	public Requests readFile(@Body InputStream body, @Variable("source") String fileName,
			@Variable("modified") Long modified) {
		return new Requests(body, opening(fileName, Origin.file(fileName, modified)),
				(modified != null) ? BatchName.ofFile(fileName, modified) : null, this.lifecycle::isOver);
	}

	private Requests.Opening opening(String fileName, Origin origin) {
		String name = fileName.toLowerCase(Locale.ROOT);
		if (name.endsWith(".csv") || name.endsWith(".tsv")) {
			return (csv) -> new CsvRequests(utf8(csv), this.check, origin);
		}
		boolean lines = name.endsWith(".ndjson") || name.endsWith(".jsonl");
		return lines ? (text) -> ndjson(text, origin) : (json) -> json(json, origin);
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
			byte[] text = Packed.unpack(message.getBody(byte[].class));
			return read(text, Origin.message(text, TraceParent.of(message.getHeader(TraceParent.NAME, String.class))));
		}
		catch (IOException ex) {
			return Requests.none("body: " + ex.getMessage());
		}
	}

	/**
	 * Reads the JSON of a REST call.
	 * @param traceparent the header of that name, or null
	 * @param idempotencyKey the header of that name, for its only request, or null
	 */
	public Requests readText(byte[] text, String traceparent, String idempotencyKey) {
		return read(text, new Origin(TraceParent.of(traceparent), null, idempotencyKey));
	}

	/**
	 * The request by which a job is handed in once more, as it was handed in first; held
	 * against the configuration of now.
	 */
	public Row again(Job job) {
		ObjectNode request = this.json.createObjectNode()
			.put("provider", job.provider())
			.put("jobId", job.jobId())
			.put("mediaUrl", job.mediaUrl())
			.put("reference", job.reference())
			.put("account", job.account())
			.put("mediaKind", (job.mediaKind() != null) ? job.mediaKind().label() : null)
			.put("priority", job.priority());
		request.set("targets", this.json.valueToTree(job.targets()));
		return this.check.check(1, request, new Origin(job.traceparent(), null, null));
	}

	private Requests read(byte[] text, Origin origin) {
		return new Requests(new ByteArrayInputStream(text), (body) -> json(body, origin));
	}

	private Requests.Source json(InputStream body, Origin origin) throws IOException {
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
			return (token == null) ? null : row(++number[0], this.next.readTree(parser), origin);
		};
	}

	/** A request as it is, or inside a CloudEvent. */
	private Row row(int number, JsonNode node, Origin origin) {
		if (!CloudEventData.isIn(node)) {
			return this.check.check(number, node, origin);
		}
		try {
			String own = TraceParent.of(node.path(TraceParent.NAME).textValue());
			return this.check.check(number, CloudEventData.of(node, this.json), origin.in(own));
		}
		catch (IOException ex) {
			return new Row(number, node, null,
					"data_base64: no Base64 of JSON; expected a job request. Send it as data instead.");
		}
	}

	private Requests.Source ndjson(InputStream body, Origin origin) throws IOException {
		LineReader lines = new LineReader(utf8(body));
		int[] number = { 0 };
		return () -> {
			String line = lines.readLine();
			while (line != null && line.isBlank()) {
				number[0]++;
				line = lines.readLine();
			}
			return (line == null) ? null : line(++number[0], line, origin);
		};
	}

	private Row line(int number, String line, Origin origin) {
		if (line.length() > LineReader.LONGEST) {
			return new Row(number, text(line.substring(0, LONGEST_EXCERPT) + "..."), null,
					"request: line longer than %d characters; expected one JSON object a line. Shorten it."
						.formatted(LineReader.LONGEST));
		}
		try {
			return row(number, this.json.readTree(line), origin);
		}
		catch (JsonProcessingException ex) {
			return new Row(number, text(line), null,
					"request: no JSON, at column %d: %s; expected one JSON object a line. Correct the line."
						.formatted(ex.getLocation().getColumnNr(), ForeignText.printable(ex.getOriginalMessage())));
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
