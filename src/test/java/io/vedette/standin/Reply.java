package io.vedette.standin;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a stand-in sends back, faults included. Immutable; durations are real time, not
 * the stand-in's clock.
 */
public record Reply(int status, Map<String, String> headers, byte[] body, Ending ending, Duration delay) {

	/** How a reply ends. */
	public enum Ending {

		/** As HTTP wants it. */
		WHOLE,
		/** The connection closes after half of the promised body. */
		CUT,
		/** The connection closes and nothing was sent. */
		SILENT,
		/** The body goes on until the client gives up. */
		ENDLESS

	}

	private static final byte[] NOTHING = {};

	public static Reply status(int status) {
		return new Reply(status, Map.of(), NOTHING, Ending.WHOLE, Duration.ZERO);
	}

	/** Status 200. The body is the text of any value that prints itself as JSON. */
	public static Reply json(Object json) {
		return json(200, json);
	}

	public static Reply json(int status, Object json) {
		return status(status).header("content-type", "application/json; charset=utf-8").text(json.toString());
	}

	/** Status 200 and a page, as a proxy in between answers. */
	public static Reply html(String html) {
		return status(200).header("content-type", "text/html; charset=utf-8").text(html);
	}

	/** JSON of which half never arrives. */
	public static Reply truncated() {
		return json("{\"code\":200,\"data\":{\"status\":\"succe").cut();
	}

	/** Status 200, JSON by its header, and no body. */
	public static Reply empty() {
		return json("");
	}

	/** Keeps the client waiting, then closes the connection without an answer. */
	public static Reply hang(Duration time) {
		return reset().after(time);
	}

	/**
	 * Closes the connection at once without an answer. Most HTTP clients ask again by
	 * themselves then, so the next reply of a script goes to the same poll.
	 */
	public static Reply reset() {
		return status(0).ending(Ending.SILENT);
	}

	/** JSON that begins well and never ends. */
	public static Reply endless() {
		return json("{\"code\":200,\"data\":[0").ending(Ending.ENDLESS);
	}

	/** Sound JSON, {@code depth} objects deep. */
	public static Reply nested(int depth) {
		return json("{\"data\":".repeat(depth) + "null" + "}".repeat(depth));
	}

	/** Sound JSON of exactly that many bytes. */
	public static Reply big(int bytes) {
		String frame = "{\"data\":\"\"}";
		return json(new StringBuilder(frame).insert(frame.length() - 2, "x".repeat(bytes - frame.length())));
	}

	public Reply withStatus(int other) {
		return new Reply(other, this.headers, this.body, this.ending, this.delay);
	}

	public Reply header(String name, String value) {
		Map<String, String> more = new LinkedHashMap<>(this.headers);
		more.put(name, value);
		return new Reply(this.status, Map.copyOf(more), this.body, this.ending, this.delay);
	}

	public Reply body(byte[] bytes) {
		return new Reply(this.status, this.headers, bytes, this.ending, this.delay);
	}

	public Reply text(String text) {
		return body(text.getBytes(StandardCharsets.UTF_8));
	}

	/** The same, that much later. */
	public Reply after(Duration time) {
		return new Reply(this.status, this.headers, this.body, this.ending, time);
	}

	/** The same, but the connection closes after half of the promised body. */
	public Reply cut() {
		return ending(Ending.CUT);
	}

	private Reply ending(Ending end) {
		return new Reply(this.status, this.headers, this.body, end, this.delay);
	}

}
