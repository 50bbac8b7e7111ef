package io.vedette.intake;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;

import org.springframework.context.annotation.Lazy;
import org.springframework.jms.support.converter.SimpleMessageConverter;
import org.springframework.stereotype.Component;

/**
 * Takes text and bytes out of a JMS message, and touches nothing else: an object message
 * would be deserialised, which is how a sender runs code here. Such a message is handed
 * on as it is, to be set aside.
 */
@Lazy
@Component("jmsText")
class JmsText extends SimpleMessageConverter {

	@Override
	public Object fromMessage(Message message) throws JMSException {
		return (message instanceof TextMessage || message instanceof BytesMessage) ? super.fromMessage(message)
				: message;
	}

}
