package io.vedette.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.vedette.config.VedetteProperties;
import io.vedette.http.ExactUrl;
import org.apache.camel.Message;
import org.apache.camel.Variable;

import org.springframework.stereotype.Component;
import org.springframework.web.util.UriUtils;

/** Addresses and signs webhook requests. */
@Component("webhooks")
public class Webhooks {

	private final Map<String, WebhookSignature> signatures = new ConcurrentHashMap<>();

	private final Targets targets;

	private final Clock clock;

	Webhooks(Targets targets, Clock clock) {
		this.targets = targets;
		this.clock = clock;
	}

	/**
	 * Sets the target's URL and the Standard Webhooks headers over the body that is sent.
	 */
	public void sign(@Variable("delivery") Delivery delivery, Message message) {
		VedetteProperties.Target target = this.targets.find(delivery.target()).orElseThrow();
		WebhookSignature signature = this.signatures.computeIfAbsent(delivery.target(),
				(name) -> WebhookSignature.of(target.secret().value()));
		long timestamp = this.clock.instant().getEpochSecond();
		String id = header(delivery.event().eventId());
		ExactUrl.set(message, target.uri());
		message.setHeader("webhook-id", id);
		message.setHeader("webhook-timestamp", Long.toString(timestamp));
		message.setHeader("webhook-signature", signature.sign(id, timestamp, delivery.event().body()));
	}

	/**
	 * The event id as a header carries it unchanged: what is not printable ASCII would
	 * arrive as something else than was signed.
	 */
	private static String header(String eventId) {
		return eventId.matches("[!-~]([ -~]*[!-~])?") ? eventId
				: UriUtils.encodeFragment(eventId, StandardCharsets.UTF_8);
	}

}
