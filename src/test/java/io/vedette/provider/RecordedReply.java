package io.vedette.provider;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * A reply as it came over the wire: a status line, headers, an empty line, the body.
 */
record RecordedReply(int status, Map<String, String> headers, String body) implements Processor {

	static RecordedReply parse(String text) {
		String[] parts = text.split("\n\n", 2);
		String[] head = parts[0].strip().split("\n");
		Map<String, String> headers = new LinkedHashMap<>();
		for (int i = 1; i < head.length; i++) {
			headers.put(head[i].split(":", 2)[0], head[i].split(":", 2)[1].strip());
		}
		return new RecordedReply(Integer.parseInt(head[0].split(" ")[1]), headers, (parts.length == 2) ? parts[1] : "");
	}

	@Override
	public void process(Exchange exchange) {
		exchange.getMessage().removeHeaders("*");
		this.headers.forEach(exchange.getMessage()::setHeader);
		exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, this.status);
		exchange.getMessage().setBody(new ByteArrayInputStream(this.body.getBytes(StandardCharsets.UTF_8)));
	}

}
