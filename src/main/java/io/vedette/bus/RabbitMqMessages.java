package io.vedette.bus;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import io.vedette.delivery.Event;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.support.converter.MessageConverter;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Bodies of RabbitMQ messages as they are: UTF-8, whatever the platform speaks. An event
 * says what it is in the property that AMQP has for it and, for consumers that look there
 * as on other buses, in the header {@code content-type}, which Camel keeps to itself.
 */
@Lazy
@Component("rabbitMqMessages")
class RabbitMqMessages implements MessageConverter {

	private static final int LONGEST_ID = 255;

	private static final int READABLE = LONGEST_ID - 65;

	@Override
	public Message toMessage(Object body, MessageProperties properties) {
		properties.setMessageId(shortened(properties.getMessageId()));
		properties.setContentType(Event.CONTENT_TYPE);
		properties.setContentEncoding(StandardCharsets.UTF_8.name());
		properties.setHeader("content-type", Event.CONTENT_TYPE);
		return new Message(body.toString().getBytes(StandardCharsets.UTF_8), properties);
	}

	/**
	 * A message id of AMQP 0-9-1 has 255 bytes at most. What is longer becomes its
	 * readable start and its SHA-256; the event says its id whole.
	 */
	private static String shortened(String id) {
		if (id == null || id.getBytes(StandardCharsets.UTF_8).length <= LONGEST_ID) {
			return id;
		}
		int end = READABLE;
		while (id.substring(0, end).getBytes(StandardCharsets.UTF_8).length > READABLE) {
			end--;
		}
		end -= Character.isHighSurrogate(id.charAt(end - 1)) ? 1 : 0;
		return id.substring(0, end) + "." + hash(id);
	}

	private static String hash(String id) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("message id: the JDK has no SHA-256; expected it in every one.", ex);
		}
	}

	@Override
	public Object fromMessage(Message message) {
		return message.getBody();
	}

}
