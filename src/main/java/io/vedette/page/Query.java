package io.vedette.page;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.web.util.UriUtils;

/**
 * What a list is asked for: fields of a form, of which an empty one is not asked for.
 */
public final class Query {

	private final Map<String, String> fields = new LinkedHashMap<>();

	/** What stands in a field, as the API takes it; or null. */
	public String get(String name) {
		return this.fields.get(name);
	}

	/** A field; in a browser's moments the zone is missing, and is UTC. */
	Query with(String name, String value) {
		if (value != null && !value.isBlank()) {
			String text = value.strip();
			this.fields.put(name, text.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d") ? text + ":00Z" : text);
		}
		return this;
	}

	/** The moment in a field as a browser's field shows it. */
	public String local(String name) {
		String moment = get(name);
		return (moment != null) ? moment.replaceFirst("(:00)?Z$", "") : null;
	}

	/** Whether anything is asked for. */
	public boolean isEmpty() {
		return this.fields.isEmpty();
	}

	/** The address of a page of it. */
	String at(String path, String after) {
		StringBuilder text = new StringBuilder();
		this.fields.forEach((name, value) -> add(text, name, value));
		if (after != null) {
			add(text, "after", after);
		}
		return path + text;
	}

	private static void add(StringBuilder text, String name, String value) {
		text.append((text.length() == 0) ? '?' : '&')
			.append(name)
			.append('=')
			.append(UriUtils.encode(value, StandardCharsets.UTF_8));
	}

}
