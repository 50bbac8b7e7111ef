package io.vedette.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.MediaType;

/** What browsers send of a form: only the page takes it. */
final class Forms {

	private Forms() {
	}

	static boolean isForm(HttpServletRequest request) {
		String type = request.getContentType();
		return type != null && type.startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE);
	}

	/** The fields, by name; what is broken is as if it were not there. */
	static Map<String, String[]> read(byte[] body) {
		Map<String, List<String>> fields = new LinkedHashMap<>();
		for (String field : new String(body, StandardCharsets.UTF_8).split("&")) {
			String[] parts = field.split("=", 2);
			try {
				fields.computeIfAbsent(decode(parts[0]), (name) -> new ArrayList<>())
					.add((parts.length == 2) ? decode(parts[1]) : "");
			}
			catch (IllegalArgumentException ex) {
				// No browser has written it.
			}
		}
		Map<String, String[]> form = new LinkedHashMap<>();
		fields.forEach((name, values) -> form.put(name, values.toArray(String[]::new)));
		return form;
	}

	private static String decode(String text) {
		return URLDecoder.decode(text, StandardCharsets.UTF_8);
	}

}
