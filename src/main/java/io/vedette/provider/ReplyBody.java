package io.vedette.provider;

import java.io.IOException;
import java.io.InputStream;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import org.apache.camel.Exchange;

/** The body of a reply as JSON, as leniently as it can be read without a guess. */
final class ReplyBody {

	private static final ObjectReader JSON = JsonMapper.builder()
		.enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_SINGLE_QUOTES,
				JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS,
				JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER, JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS,
				JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, JsonReadFeature.ALLOW_TRAILING_COMMA)
		.disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
		.build()
		.reader();

	private ReplyBody() {
	}

	/**
	 * Reads the body.
	 * @param error whether the HTTP status says enough: then the page of a proxy is as
	 * good as JSON
	 * @return the JSON; null of JSON where there is none, or behind an error no object
	 */
	static JsonNode read(Exchange exchange, boolean error) throws IOException {
		try (InputStream body = exchange.getMessage().getBody(InputStream.class)) {
			JsonNode json = (body != null) ? JSON.readTree(body) : NullNode.getInstance();
			return (json.isMissingNode() || error && !json.isObject()) ? NullNode.getInstance() : json;
		}
		catch (IOException ex) {
			if (error) {
				return NullNode.getInstance();
			}
			throw ex;
		}
	}

}
