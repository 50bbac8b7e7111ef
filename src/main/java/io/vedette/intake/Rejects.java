package io.vedette.intake;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vedette.config.VedetteProperties;
import io.vedette.text.ForeignText;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Variable;
import org.apache.camel.component.file.FileEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Writes down what could not be taken: one line of JSON a row, {@code {source, row,
 * reason, request}}. Of a source that could not be read to its end, a directory gets the
 * source itself and a file with the reason, {@code {source, reason}}; any other endpoint
 * gets one line, {@code {source, reason, request}}, and a file stays beside its intake in
 * {@code .rejected}.
 */
@Component("rejects")
public class Rejects {

	/** What files are called in the rejected place: an exchange's id comes first. */
	static final String NAMES = "[0-9A-F]{15}-[0-9A-F]{16}-.*";

	private static final Logger logger = LoggerFactory.getLogger(Rejects.class);

	/** What is left of 255 bytes once an id and an extension are taken off. */
	private static final int LONGEST_NAME = 150;

	private final String uri;

	private final MeterRegistry registry;

	private final JsonMapper json;

	Rejects(VedetteProperties properties, MeterRegistry registry, JsonMapper json) {
		this.json = json;
		this.uri = properties.rejected().uri();
		this.registry = registry;
		properties.intakes().keySet().forEach(this::rejected);
	}

	private Counter rejected(String intake) {
		return Counter.builder("vedette.rejected")
			.description("Job requests that could not be taken, and sources that could not be read to their end")
			.tag("intake", intake)
			.register(this.registry);
	}

	private void count(Message message, int rejected) {
		rejected(IntakeRoutes.intakeOf(message.getExchange())).increment(rejected);
	}

	/** Whether the rejected place is a directory. */
	public boolean areFiles() {
		return IntakeRoutes.isDirectory(this.uri);
	}

	/** Makes the message one reject file for these rows. */
	public void rows(@Body List<Row> rows, @Variable("source") String source, Message message) {
		StringBuilder lines = new StringBuilder();
		rows.forEach((row) -> {
			ObjectNode line = this.json.createObjectNode()
				.put("source", source)
				.put("row", row.number())
				.put("reason", row.problem());
			line.set("request", row.raw());
			lines.append(line).append('\n');
		});
		write(message, source, ".rows.ndjson", lines.toString());
		count(message, rows.size());
		logger.warn("{}: {} job requests rejected, the first because of row {}: {}", ForeignText.printable(source),
				rows.size(), rows.get(0).number(), rows.get(0).problem());
	}

	/** Makes the message the reason why a source could not be read to its end. */
	public void source(@Variable("source") String source, @Variable("requests") Requests requests, Message message) {
		write(message, source, ".reason.json",
				this.json.createObjectNode().put("source", source).put("reason", requests.getProblem()) + "\n");
		count(message, 1);
		logger.warn("{}: {}", ForeignText.printable(source), requests.getProblem());
	}

	/** Makes the message a file of its own text, for the reason to stand beside. */
	public void text(@Variable("source") String source, Message message) {
		message.setHeader(Exchange.FILE_NAME, name(source, message.getExchange()));
		message.setBody(bytes(message));
	}

	/** Makes the message one line with the reason and its own text in it. */
	public void message(@Variable("source") String source, @Variable("requests") Requests requests, Message message) {
		ObjectNode line = this.json.createObjectNode().put("source", source).put("reason", requests.getProblem());
		byte[] bytes = bytes(message);
		try {
			line.put("request", StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
		}
		catch (CharacterCodingException ex) {
			line.put("requestBase64", bytes);
		}
		message.setBody(line + "\n");
		count(message, 1);
		logger.warn("{}: {}", ForeignText.printable(source), requests.getProblem());
	}

	/**
	 * Where a file goes that could not be read to its end: beside the reason, if that is
	 * a file too.
	 */
	public String place(@Variable("source") String source, Exchange exchange) {
		if (!areFiles()) {
			return ".rejected/" + name(source, exchange);
		}
		String directory = exchange.getContext().getEndpoint(this.uri, FileEndpoint.class).getFile().getPath();
		return Path.of(directory).toAbsolutePath().resolve(name(source, exchange)).toString();
	}

	/** Objects that only Java understands are told by what they say of themselves. */
	private static byte[] bytes(Message message) {
		byte[] bytes = message.getBody(byte[].class);
		return (bytes != null) ? bytes : String.valueOf(message.getBody()).getBytes(StandardCharsets.UTF_8);
	}

	private void write(Message message, String source, String extension, String lines) {
		message.setHeader(Exchange.FILE_NAME, name(source, message.getExchange()) + extension);
		message.setBody(lines);
	}

	/**
	 * The source's own name, or the end of a long one, behind something unique, so that
	 * no reject ever takes the place of another.
	 */
	private static String name(String source, Exchange exchange) {
		String name = source.replaceAll("[^A-Za-z0-9._-]", "_");
		return exchange.getExchangeId() + "-" + name.substring(Math.max(0, name.length() - LONGEST_NAME));
	}

}
