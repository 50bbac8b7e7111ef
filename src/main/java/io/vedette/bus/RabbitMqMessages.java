package io.vedette.bus;

import java.nio.charset.StandardCharsets;

import io.vedette.delivery.Event;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.support.converter.MessageConverter;
import org.springframework.stereotype.Component;

/**
 * Bodies of RabbitMQ messages as they are: UTF-8, whatever the platform speaks. An event
 * says what it is in the property that AMQP has for it and, for consumers that look there
 * as on other buses, in the header {@code content-type}, which Camel keeps to itself.
 */
@Component("rabbitMqMessages")
class RabbitMqMessages implements MessageConverter {

	@Override
	public Message toMessage(Object body, MessageProperties properties) {
		properties.setContentType(Event.CONTENT_TYPE);
		properties.setContentEncoding(StandardCharsets.UTF_8.name());
		properties.setHeader("content-type", Event.CONTENT_TYPE);
		return new Message(body.toString().getBytes(StandardCharsets.UTF_8), properties);
	}

	@Override
	public Object fromMessage(Message message) {
		return message.getBody();
	}

}
