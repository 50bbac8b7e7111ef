package io.vedette.bus;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;

import static org.assertj.core.api.Assertions.assertThat;

class RabbitMqMessagesTest {

	@Test
	void keepsAMessageIdThatFits() {
		String id = "akool:" + "j".repeat(200) + ":face:" + "f".repeat(43);
		assertThat(id).hasSize(255);
		assertThat(idOf(id)).isEqualTo(id);
	}

	@ParameterizedTest
	@ValueSource(strings = { "j", "\u4EFB", "\uD83D\uDE00" })
	void shortensOneThatDoesNotAndStillTellsThemApart(String character) {
		String job = "akool:" + character.repeat(260);
		assertThat(idOf(job + ":face:0")).startsWith("akool:" + character).isNotEqualTo(idOf(job + ":face:1"));
		assertThat(idOf(job + ":face:0").getBytes(StandardCharsets.UTF_8)).hasSizeBetween(200, 255);
		assertThat(idOf(job + ":face:0")).isEqualTo(idOf(job + ":face:0")).doesNotContain("?");
	}

	private static String idOf(String eventId) {
		MessageProperties properties = new MessageProperties();
		properties.setMessageId(eventId);
		Message message = new RabbitMqMessages().toMessage("{}", properties);
		return message.getMessageProperties().getMessageId();
	}

}
