package io.vedette.provider;

import java.io.IOException;
import java.io.InputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import org.apache.camel.Exchange;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** The body of a reply as JSON. */
@Component
class ReplyBody {

	private final JsonMapper json;

	ReplyBody(@Qualifier("replyJson") JsonMapper json) {
		this.json = json;
	}

	/**
	 * Reads the body.
	 * @param error whether the HTTP status says enough: then the page of a proxy is as
	 * good as JSON
	 * @return the JSON; null of JSON where there is none, or behind an error no object
	 */
	JsonNode read(Exchange exchange, boolean error) throws IOException {
		try (InputStream body = exchange.getMessage().getBody(InputStream.class)) {
			JsonNode reply = (body != null) ? this.json.readTree(body) : NullNode.getInstance();
			return (reply.isMissingNode() || error && !reply.isObject()) ? NullNode.getInstance() : reply;
		}
		catch (IOException ex) {
			if (error) {
				return NullNode.getInstance();
			}
			throw ex;
		}
	}

}
