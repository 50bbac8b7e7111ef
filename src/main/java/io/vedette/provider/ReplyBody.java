package io.vedette.provider;

import java.io.IOException;
import java.io.InputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import org.apache.camel.Exchange;

/** The body of a reply as JSON. */
final class ReplyBody {

	private ReplyBody() {
	}

	/**
	 * Reads the body.
	 * @param error whether the HTTP status says enough: then the page of a proxy is as
	 * good as JSON
	 * @return the JSON; null of JSON where there is none, or behind an error no object
	 */
	static JsonNode read(Exchange exchange, boolean error, JsonMapper mapper) throws IOException {
		try (InputStream body = exchange.getMessage().getBody(InputStream.class)) {
			JsonNode json = (body != null) ? mapper.readTree(body) : NullNode.getInstance();
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
