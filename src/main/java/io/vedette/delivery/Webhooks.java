package io.vedette.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.vedette.config.VedetteProperties;
import io.vedette.http.ExactUrl;
import org.apache.camel.Message;

import org.springframework.stereotype.Component;
import org.springframework.web.util.UriUtils;

/** Addresses and signs webhook requests. */
@Component
class Webhooks {

	private static final Pattern ADDRESS = Pattern.compile("([A-Za-z]+://)(?:([^/?#]*)@)?([^#]*).*", Pattern.DOTALL);

	private static final Pattern PRINTABLE = Pattern.compile("[!-~]([ -~]*[!-~])?");

	private final Map<String, Receiver> receivers = new ConcurrentHashMap<>();

	private final String userAgent;

	private final Targets targets;

	private final Clock clock;

	Webhooks(Targets targets, Clock clock) {
		this.targets = targets;
		this.clock = clock;
		String version = Webhooks.class.getPackage().getImplementationVersion();
		this.userAgent = (version != null) ? "Vedette/" + version : "Vedette";
	}

	/**
	 * Sets the target's URL, the event as it is sent and the headers of the request,
	 * those of Standard Webhooks among them.
	 */
	void sign(Delivery delivery, Message message) {
		Receiver receiver = this.receivers.computeIfAbsent(delivery.target(),
				(name) -> Receiver.of(this.targets.find(name).orElseThrow()));
		long timestamp = this.clock.instant().getEpochSecond();
		String id = header(delivery.event().eventId());
		// To text camel-http would add a charset parameter of its own.
		message.setBody(delivery.event().body().getBytes(StandardCharsets.UTF_8));
		message.setHeader("Content-Type", Event.CONTENT_TYPE);
		ExactUrl.set(message, receiver.url());
		message.setHeader("webhook-id", id);
		message.setHeader("webhook-timestamp", Long.toString(timestamp));
		message.setHeader("webhook-signature", receiver.signature().sign(id, timestamp, delivery.event().body()));
		message.setHeader("User-Agent", this.userAgent);
		// Nothing is read of the reply but its status.
		message.setHeader("Accept-Encoding", "identity");
		if (receiver.authorization() != null) {
			message.setHeader("Authorization", receiver.authorization());
		}
	}

	/**
	 * The event id as a header carries it unchanged: what is not printable ASCII would
	 * arrive as something else than was signed.
	 */
	private static String header(String eventId) {
		return PRINTABLE.matcher(eventId).matches() ? eventId
				: UriUtils.encodeFragment(eventId, StandardCharsets.UTF_8);
	}

	/**
	 * A webhook as it is called.
	 *
	 * @param url without the user and password before the host, and without a fragment
	 * @param authorization Basic, from that user and password; null if there are none
	 */
	private record Receiver(String url, String authorization, WebhookSignature signature) {

		static Receiver of(VedetteProperties.Target target) {
			Matcher address = ADDRESS.matcher(target.uri());
			if (!address.matches()) {
				throw new IllegalStateException("webhook address: none; expected http:// or https:// and a host.");
			}
			return new Receiver(address.group(1) + address.group(3), basic(address.group(2)),
					WebhookSignature.of(target.secret().value()));
		}

		private static String basic(String user) {
			return (user != null)
					? "Basic " + Base64.getEncoder()
						.encodeToString(UriUtils.decode(user, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8))
					: null;
		}

	}

}
