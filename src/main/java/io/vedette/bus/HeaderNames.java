package io.vedette.bus;

import java.util.List;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangeConstantProvider;
import org.apache.camel.impl.engine.DefaultHeadersMapFactory;
import org.apache.camel.util.CaseInsensitiveMap;

/**
 * Header names leave as a route writes them. Since 4.21 Camel puts its own spelling in
 * the place of each name that it knows: {@code content-type}, which the CloudEvents
 * bindings of Kafka, JMS and AMQP ask for, would leave as {@code Content-Type}, and
 * consumers of these buses tell the two apart. Camel finds this class by the file
 * {@code META-INF/services/org/apache/camel/headers-map-factory}.
 */
public class HeaderNames extends DefaultHeadersMapFactory {

	// After the superclass has registered its names: Camel keeps one list for all.
	static {
		List<String> names = ExchangeConstantProvider.values()
			.stream()
			.filter((name) -> !name.equals(Exchange.CONTENT_TYPE))
			.toList();
		CaseInsensitiveMap.registerKnownKeys(names);
	}

}
