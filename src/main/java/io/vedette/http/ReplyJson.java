package io.vedette.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Reads the JSON of servers that do not write it quite as RFC 8259 says. Each leniency
 * takes text that is no JSON otherwise; none changes what good JSON means.
 */
public final class ReplyJson {

	private ReplyJson() {
	}

	/**
	 * A mapper that also takes comments, trailing commas, single quotes and names without
	 * any, escapes that are none, control characters within text, and numbers such as
	 * {@code 007}, {@code +1}, {@code .5}, {@code 5.}, {@code NaN} and {@code Infinity}.
	 * A value that is missing, as in {@code [1,,2]}, stays an error: there is no telling
	 * what it was.
	 */
	public static JsonMapper mapper(JsonFactory factory) {
		return JsonMapper.builder(factory)
			.enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_YAML_COMMENTS,
					JsonReadFeature.ALLOW_TRAILING_COMMA, JsonReadFeature.ALLOW_SINGLE_QUOTES,
					JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER,
					JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS, JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS,
					JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS,
					JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS,
					JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS, JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
			.build();
	}

}
